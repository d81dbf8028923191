package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.vertx.core.Future;

/** Asks one server what it is. */
@FunctionalInterface
interface ServerProbe {
    /** Never fails, and is complete within seconds. */
    Future<ServerAnswer> ask(ClusterTopology cluster, String shard, Server server);
}
