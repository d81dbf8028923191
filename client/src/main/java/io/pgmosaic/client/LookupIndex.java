package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A lookup index of the cluster: finds a row's key by the value of another column, and reserves values before rows with them are written.
 * Thread-safe.
 */
public final class LookupIndex {
    /** The product's table of the entries of all indexes; its key is the value. */
    private static final String ENTRIES = "mosaic.lookup_entries";

    private static final String RESERVE = "SELECT reserved FROM mosaic.lookup_reserve(?, ?, ?, ?)";
    private static final String TICKET = "SELECT mosaic.lookup_ticket(?, ?, ?, ?)";

    private final String name;
    private final MosaicClient client;
    private final RouterLookups router;

    LookupIndex(String name, MosaicClient client, RouterLookups router) {
        this.name = name;
        this.client = client;
        this.router = router;
    }

    /**
     * The key that has a value, as the router remembers it for up to a minute or a replica says: whether the row still has the value, the
     * row tells. Empty only when a primary has just said that no key has it.
     */
    public Optional<TableKey> find(String value) throws SQLException {
        return find(value, false);
    }

    /** The key that has a value now, as the primary says. */
    public Optional<TableKey> findNow(String value) throws SQLException {
        return find(value, true);
    }

    private Optional<TableKey> find(String value, boolean refresh) throws SQLException {
        @Nullable JsonNode found = router.byValue(name, value, refresh);
        if (found == null) {
            return Optional.empty();
        }
        List<@Nullable String> key = new ArrayList<>();
        found.path("key").forEach(part -> key.add(part.asText()));
        return Optional.of(new TableKey(found.path("table").asText(), key));
    }

    /**
     * Has nobody else write a value. What is reserved and not written is free again after ten minutes, and can be reserved again for the
     * same key at any time, as after an {@link UnknownOutcomeException}.
     *
     * @param key of the row that is to have the value
     * @return a ticket for the transaction that writes the row, within five minutes and on the shard that has the key now: for {@link #show}
     * @throws ValueTakenException when another key has it
     */
    public String reserve(String value, TableKey key) throws SQLException {
        String shard = client.shardNow(key);
        String text = client.directoryKey(key);
        TableKey entry = TableKey.of(ENTRIES, value);
        boolean reserved = client.inTransaction(entry, connection -> ask(connection, RESERVE, value, text, shard))
                .equals("t");
        if (!reserved) {
            throw new ValueTakenException(name);
        }
        // A ticket is given for what is committed, so this is a transaction of its own.
        return client.inTransaction(entry, connection -> ask(connection, TICKET, value, text, shard));
    }

    /** Shows tickets to the database that a transaction is in, before it writes the rows. */
    public static void show(Connection connection, String... tickets) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.set_config('mosaic.tickets', ?, true)")) {
            statement.setString(1, String.join(" ", tickets));
            statement.execute();
        }
    }

    private String ask(Connection connection, String sql, String value, String key, String shard) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.setString(2, value);
            statement.setString(3, key);
            statement.setString(4, shard);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
