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
    private @Nullable Connection looking;
    private @Nullable Connection changing;

    LookAndChange(DatabaseIntent intent, Connections connections) {
        this.intent = intent;
        this.connections = connections;
    }

    /** The superuser's, when that is open already, or where the role that only looks is not admitted. */
    Connection look() throws SQLException {
        if (looking == null && changing == null) {
            looking = connections
                    .monitor(intent.database(), intent.passwords().monitor())
                    .orElse(null);
        }
        return looking == null ? superuser() : looking;
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
