package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.ClusterKey;

import java.util.OptionalLong;

/** Which instances' leases may be lengthened. */
public interface TermConfirmations {
    TermConfirmations NONE = (cluster, instance) -> OptionalLong.empty();

    /** The term whose primary the instance is on record as; empty when it is none, or this operator does not lead. */
    OptionalLong confirmed(ClusterKey cluster, String instance);
}
