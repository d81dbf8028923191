package io.pgmosaic.operator.split.points;

import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.guard.KeySample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks at blocks that are spread over a table by chance. */
public final class SampledPlaces implements KeyPlaces {
    /** The share of rows on one side of a quantile of so many is right within one in a hundred. */
    private static final int ENOUGH = 20_000;

    private static final String BLOCKS = """
            SELECT pg_catalog.sum(pg_catalog.pg_relation_size(tree.relid))
              / pg_catalog.current_setting('block_size')::pg_catalog.int8 AS blocks
            FROM (SELECT ?::pg_catalog.regclass AS relid
                  UNION SELECT relid FROM pg_catalog.pg_partition_tree(?::pg_catalog.regclass)) AS tree
            """;

    private final Connection session;

    /** @param session at the source, of a role that may read the tables and has no power beyond that */
    public SampledPlaces(Connection session) {
        this.session = session;
    }

    @Override
    public List<String> hashes(GuardedTable table) throws SQLException {
        return places(KeySample.hashes(table, percent(table), ENOUGH));
    }

    @Override
    public List<String> values(GuardedTable table) throws SQLException {
        return places(KeySample.values(table, percent(table), ENOUGH));
    }

    private List<String> places(String query) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> places = new ArrayList<>();
            while (row.next()) {
                places.add(row.getString(1));
            }
            return places;
        }
    }

    /** A block holds ten rows or more, as a rule; with fewer the sample is smaller, and still one. */
    private double percent(GuardedTable table) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(BLOCKS)) {
            statement.setString(1, table.qualifiedName());
            statement.setString(2, table.qualifiedName());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                double wanted = ENOUGH / 10.0;
                long blocks = row.getLong(1);
                return blocks <= wanted ? 100 : Math.max(0.0001, 100 * wanted / blocks);
            }
        }
    }
}
