package io.pgmosaic.operator.upkeep;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.database.Connections;

import java.sql.Connection;
import java.sql.SQLException;

/** Sessions on the recorded primaries of one cluster. */
public final class PrimarySessions implements ShardSessions {
    /** Statements end after 30 s at a server that is well. */
    private static final int ANSWER_MILLIS = 35_000;

    private final ShardLogins logins;
    private final ShardedCluster cluster;
    private final ShardedClusterSpec spec;

    public PrimarySessions(ShardLogins logins, ShardedCluster cluster, ShardedClusterSpec spec) {
        this.logins = logins;
        this.cluster = cluster;
        this.spec = spec;
    }

    @Override
    public Connection superuser(String shard) throws SQLException {
        ShardLogins.Login login = login(shard);
        return bounded(new Connections(login.server()).superuser(login.database(), login.superuser()));
    }

    @Override
    public Connection owner(String shard) throws SQLException {
        ShardLogins.Login login = login(shard);
        return bounded(new Connections(login.server()).reader(login.database(), login.setup()));
    }

    /** A server that hangs ends nothing by itself. */
    private static Connection bounded(Connection session) throws SQLException {
        try {
            session.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
            return session;
        } catch (SQLException e) {
            try (session) {
                throw e;
            }
        }
    }

    private ShardLogins.Login login(String shard) throws SQLException {
        try {
            return logins.primary(cluster, spec, shard);
        } catch (ShardLogins.NoLoginException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }
}
