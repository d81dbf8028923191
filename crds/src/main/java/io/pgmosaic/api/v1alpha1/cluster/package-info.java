/**
 * The resource {@code ShardedCluster}: what a person declares (the {@code Spec} types) and what the operator reports
 * (the {@code State} and {@code Status} types).
 *
 * <p>Types only. Every value is immutable, and its constructor fills in the defaults that the schema states, because an
 * API server that does no defaulting (a mock, or a document read from a file) must give the same cluster. A required value
 * that is missing becomes an empty one, never null, and is refused by whoever checks the spec.
 */
@NullMarked
package io.pgmosaic.api.v1alpha1.cluster;

import org.jspecify.annotations.NullMarked;
