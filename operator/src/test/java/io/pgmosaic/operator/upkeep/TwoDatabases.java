package io.pgmosaic.operator.upkeep;

import io.pgmosaic.testing.ThrowawayPostgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Empty databases of shards s0 and s1. */
public class TwoDatabases implements ShardSessions {
    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private final Map<String, String> databases;

    protected TwoDatabases() throws SQLException {
        databases = Map.of("s0", postgres.createDatabase(), "s1", postgres.createDatabase());
    }

    public final Set<String> shards() {
        return databases.keySet();
    }

    public final Connection connect(String shard) throws SQLException {
        return connect(shard, "");
    }

    private Connection connect(String shard, String options) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(Objects.requireNonNull(databases.get(shard))) + options);
    }

    /** @param settings further ones, as a URL has them */
    protected final Connection superuser(String shard, String settings) throws SQLException {
        return connect(shard, "&options=-c%20search_path=pg_catalog%20-c%20lock_timeout=5s" + settings);
    }

    @Override
    public Connection superuser(String shard) throws SQLException {
        return superuser(shard, "");
    }

    @Override
    public final Connection owner(String shard) throws SQLException {
        return connect(shard);
    }

    public final void execute(String shard, String... statements) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first value; empty when there is none. */
    public final String one(String shard, String query) throws SQLException {
        List<String> values = list(shard, query);
        return values.isEmpty() ? "" : values.getFirst();
    }

    public final List<String> list(String shard, String query) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }
}
