package io.pgmosaic.router.database;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;

/**
 * Where a server is, and who it has to be.
 *
 * @param host name or address
 * @param database to ask
 * @param certificateName which its certificate must hold, whatever the host is called
 */
public record ServerAddress(String host, int port, String database, String certificateName) {
    /** One of a shard of the cluster; its certificate names the shard's headless Service. */
    public static ServerAddress of(ClusterTopology cluster, String shard, Server server) {
        return new ServerAddress(
                server.host(),
                server.port(),
                cluster.database(),
                cluster.cluster() + "-" + shard + "." + cluster.namespace() + ".svc");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
