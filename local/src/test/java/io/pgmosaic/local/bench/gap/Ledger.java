package io.pgmosaic.local.bench.gap;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** The table that clients write to, and every id whose write was acknowledged. No id is ever written twice. */
public final class Ledger {
    /** The table, with no rows yet. */
    public static final String TABLE = "CREATE TABLE writes (id bigint PRIMARY KEY)";

    static final String INSERT = "INSERT INTO writes (id) VALUES (?)";

    private final Set<Long> acknowledged = new HashSet<>();
    private long last;

    synchronized long nextId() {
        return ++last;
    }

    synchronized void acknowledged(long id) {
        acknowledged.add(id);
    }

    /** How many writes were acknowledged. */
    public synchronized int size() {
        return acknowledged.size();
    }

    /** The acknowledged writes that a server has no row of. To be asked when no client writes. */
    public synchronized Set<Long> missingOn(Server server) throws SQLException {
        Set<Long> missing = new HashSet<>(acknowledged);
        try (Connection connection = server.connect();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT id FROM writes")) {
            while (rows.next()) {
                missing.remove(rows.getLong(1));
            }
        }
        return missing;
    }
}
