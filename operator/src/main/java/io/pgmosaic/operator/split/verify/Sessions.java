package io.pgmosaic.operator.split.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** All sessions of a comparison, to be closed together. */
final class Sessions implements AutoCloseable {
    private final List<Connection> open = new ArrayList<>();

    Connection add(Connection session) throws SQLException {
        open.add(session);
        ReadSettings.apply(session);
        return session;
    }

    /** Closes all of them, also when one of them complains. */
    @Override
    public void close() throws SQLException {
        SQLException first = null;
        for (Connection session : open) {
            try {
                session.close();
            } catch (SQLException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
