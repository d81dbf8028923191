/**
 * The part of a cluster's status that says how far its splits are, and how it changes. Pure.
 *
 * <p>What it promises: a change gives a new map version, or an exception that says why not; who stores it does so by
 * compare-and-set.
 */
@NullMarked
package io.pgmosaic.operator.split.record;

import org.jspecify.annotations.NullMarked;
