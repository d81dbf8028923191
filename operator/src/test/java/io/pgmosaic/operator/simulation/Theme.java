package io.pgmosaic.operator.simulation;

/** What happens more often than anything else in a schedule. */
enum Theme {
    ANYTHING,
    /** Instances are fenced, come and go, so that the synchronous set changes, and messages are late. */
    CHANGES,
    /** Somebody is cut off for long, and an operator from the record. */
    BREAKS,
    /** Commits wait for nobody, and an operator that has lost the record goes on with the old primary beyond a break. */
    DEPOSED,
    /** Instances and servers end and come back, with or without their volumes. */
    CRASHES
}
