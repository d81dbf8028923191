package io.pgmosaic.operator.directory;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.database.Connections;

import java.sql.Connection;
import java.sql.SQLException;

/** Sessions on the recorded primaries of one cluster. */
final class PrimarySessions implements ShardSessions {
    private final ShardLogins logins;
    private final ShardedCluster cluster;
    private final ShardedClusterSpec spec;

    PrimarySessions(ShardLogins logins, ShardedCluster cluster, ShardedClusterSpec spec) {
        this.logins = logins;
        this.cluster = cluster;
        this.spec = spec;
    }

    @Override
    public Connection superuser(String shard) throws SQLException {
        ShardLogins.Login login = login(shard);
        return new Connections(login.server()).superuser(login.database(), login.superuser());
    }

    @Override
    public Connection owner(String shard) throws SQLException {
        ShardLogins.Login login = login(shard);
        return new Connections(login.server()).reader(login.database(), login.setup());
    }

    private ShardLogins.Login login(String shard) throws SQLException {
        try {
            return logins.primary(cluster, spec, shard);
        } catch (ShardLogins.NoLoginException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }
}
