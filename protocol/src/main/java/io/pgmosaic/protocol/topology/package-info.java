/**
 * What the operator tells routers: which shard owns which keys and which server serves which shard.
 *
 * <pre>
 * GET /topology/v1/namespaces/{namespace}/clusters/{cluster}
 *     Authorization: Bearer {token}
 *     Accept: application/json      -> 200, one {@link io.pgmosaic.protocol.topology.ClusterTopology}
 *     Accept: application/x-ndjson  -> 200, a stream of {@link io.pgmosaic.protocol.topology.TopologyEvent}, one a line:
 *                                      a snapshot first, then changes, and a heartbeat when nothing else is sent
 *     ?since={position}                with a stream: what changed since that position instead of the snapshot, where the
 *                                      operator can tell; empty for none
 *     503, with Retry-After            this operator has as many streams as it serves, or stops: another one may do
 *
 * POST /topology/v1/namespaces/{namespace}/clusters/{cluster}/machine-ids
 *     Authorization: Bearer {token}
 *     a {@link io.pgmosaic.protocol.topology.MachineIdRequest}
 *                                   -> 200, a {@link io.pgmosaic.protocol.topology.MachineIdGrant}; 503 when there is none
 *
 * POST /topology/v1/namespaces/{namespace}/clusters/{cluster}/directory
 *     Authorization: Bearer {token}
 *     a {@link io.pgmosaic.protocol.topology.DirectoryChange}
 *                                   -> 200, a {@link io.pgmosaic.protocol.topology.DirectoryResult}; 404 when there is no such
 *                                      table, 409 when it has no directory, 403 for whoever may not change one
 * </pre>
 *
 * <p>Ordering: the map by its version, a shard by its term. A receiver keeps the higher one and, for equal numbers, the
 * one received last; it never goes back to a lower term (invariant I3). How far migrations are has a version of its own.
 *
 * <p>Positions move all the time: a shard in which nothing else changed is sent at most about once a second. A heartbeat says
 * of everything sent before that it is as true now as it was then, also of lags.
 */
@NullMarked
package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.NullMarked;
