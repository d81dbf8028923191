package io.pgmosaic.local.bench.split;

import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.TableKey;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Keys of the load: those that move, and those that stay on the source or are another shard's. */
record Customers(List<Long> moving, List<Long> staying) {
    private static final int COUNT = 1_000;
    private static final String KINDS = "SELECT i, hashint8extended(i, 0) BETWEEN " + SplitCluster.FROM
            + " AND -1 FROM generate_series(1::bigint, " + COUNT + ") AS i";

    /** Tells them apart by PostgreSQL's own hash. */
    static Customers ask(Connection server) throws SQLException {
        List<Long> moving = new ArrayList<>();
        List<Long> staying = new ArrayList<>();
        try (Statement statement = server.createStatement();
                ResultSet rows = statement.executeQuery(KINDS)) {
            while (rows.next()) {
                (rows.getBoolean(2) ? moving : staying).add(rows.getLong(1));
            }
        }
        return new Customers(List.copyOf(moving), List.copyOf(staying));
    }

    List<Long> of(Writers.Keys keys) {
        return keys == Writers.Keys.MOVING ? moving : staying;
    }

    /** Gives each of them rows that nobody changes. */
    void fill(MosaicClient client, int rows) throws SQLException {
        for (Writers.Keys keys : Writers.Keys.values()) {
            for (long customer : of(keys)) {
                int inserted = client.<Integer>inTransaction(TableKey.of(SplitCluster.TABLE, customer), connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(
                            "INSERT INTO orders SELECT ?, generate_series(1, ?), 1, repeat('o', 100)")) {
                        statement.setLong(1, customer);
                        statement.setInt(2, rows);
                        return statement.executeUpdate();
                    }
                });
                if (inserted != rows) {
                    throw new SQLException("customer " + customer + " was given " + inserted + " rows");
                }
            }
        }
    }
}
