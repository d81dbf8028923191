package io.pgmosaic.operator.database;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The sessions of one look at a database: one that can look and nothing else, and the superuser's, which is not opened unless
 * something is to be changed. So a database that is as it should be is visited by no superuser.
 */
final class LookAndChange implements AutoCloseable {
    private final DatabaseIntent intent;
    private final Connections connections;
    private boolean refused;
    private @Nullable Connection looking;
    private @Nullable Connection changing;

    /**
     * @param refused whether the role that only looks is known not to be admitted
     */
    LookAndChange(DatabaseIntent intent, Connections connections, boolean refused) {
        this.intent = intent;
        this.connections = connections;
        this.refused = refused;
    }

    /** The superuser's, when that is open already, or where the role that only looks is not admitted. */
    Connection look() throws SQLException {
        if (looking == null && changing == null && !refused) {
            looking = connections
                    .monitor(intent.database(), intent.passwords().monitor())
                    .orElse(null);
            refused = looking == null;
        }
        return looking == null ? superuser() : looking;
    }

    /** Whether the role that only looks was found not to be admitted. */
    boolean isRefused() {
        return refused;
    }

    Connection superuser() throws SQLException {
        if (changing == null) {
            changing =
                    connections.superuser(intent.database(), intent.passwords().superuser());
        }
        return changing;
    }

    @Override
    public void close() throws SQLException {
        try {
            if (looking != null) {
                looking.close();
            }
        } finally {
            if (changing != null) {
                changing.close();
            }
        }
    }
}
