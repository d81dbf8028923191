package io.pgmosaic.operator.migration.record;

import io.pgmosaic.operator.database.MigrationBookkeeping;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes the record of one migration in the database of a session. */
public final class ShardRecords {
    private static final String UNDEFINED_TABLE = "42P01";

    private static final String READ = """
            SELECT m.step, m.statement, m.checksum, m.done_at,
              (SELECT b.rows_done FROM mosaic.backfills AS b WHERE b.migration = m.migration) AS rows_done,
              (SELECT b.rows_total FROM mosaic.backfills AS b WHERE b.migration = m.migration) AS rows_total
            FROM mosaic.schema_migrations AS m WHERE m.migration = ? ORDER BY m.step, m.statement
            """;

    private final Connection session;
    private final MigrationId migration;
    private final long term;

    /** @param term of the primary at which the session is */
    public ShardRecords(Connection session, MigrationId migration, long term) {
        this.session = session;
        this.migration = migration;
        this.term = term;
    }

    /** Empty, too, where no migration was ever begun; the session must not be in a transaction. */
    public ShardRecord read() throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(READ)) {
            statement.setString(1, migration.uid());
            try (ResultSet row = statement.executeQuery()) {
                List<ShardRecord.Entry> entries = new ArrayList<>();
                long done = 0;
                long total = 0;
                while (row.next()) {
                    entries.add(new ShardRecord.Entry(
                            Step.of(row.getString("step")),
                            row.getInt("statement"),
                            row.getString("checksum"),
                            Optional.ofNullable(row.getTimestamp("done_at")).map(Timestamp::toInstant)));
                    done = row.getLong("rows_done");
                    total = row.getLong("rows_total");
                }
                return new ShardRecord(entries, done, total);
            }
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return ShardRecord.empty();
            }
            throw e;
        }
    }

    /**
     * Records that the statement is begun.
     *
     * @throws SQLException with SQLSTATE {@code 23505} when it is already, {@link MigrationBookkeeping#NOT_IN_ORDER} when the migration is
     *     rolled back here
     */
    public void begins(Step step, int number, String checksum) throws SQLException {
        call("SELECT mosaic.statement_begins(?, ?, ?, ?, ?, ?)", step.word(), number, migration.name(), checksum, term);
    }

    /** @throws SQLException with SQLSTATE {@link MigrationBookkeeping#NOT_IN_ORDER} when it was not begun, or is done */
    public void done(Step step, int number) throws SQLException {
        call("SELECT mosaic.statement_done(?, ?, ?, ?)", step.word(), number, term);
    }

    /** Takes back that it was begun: it failed, and nothing of it is left. */
    public void failed(Step step, int number) throws SQLException {
        call("SELECT mosaic.statement_failed(?, ?, ?)", step.word(), number);
    }

    /** @param rows about how many there are */
    public void backfillBegins(long rows) throws SQLException {
        call("SELECT mosaic.backfill_begins(?, ?)", rows);
    }

    /**
     * Records a batch, in its transaction.
     *
     * @param before the key up to which all was filled before; null for none
     * @param last up to which it is now
     * @throws SQLException with SQLSTATE {@link MigrationBookkeeping#NOT_IN_ORDER} when somebody else has filled these rows
     */
    public void backfillGoesOn(@Nullable List<String> before, List<String> last, long rows) throws SQLException {
        call(
                "SELECT mosaic.backfill_goes_on(?, ?, ?, ?)",
                before == null ? null : session.createArrayOf("text", before.toArray()),
                session.createArrayOf("text", last.toArray()),
                rows);
    }

    /** Up to which key of the table's order all is filled; null when nothing is. */
    public @Nullable List<String> lastKey() throws SQLException {
        try (PreparedStatement statement =
                session.prepareStatement("SELECT last_key FROM mosaic.backfills WHERE migration = ?")) {
            statement.setString(1, migration.uid());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getArray(1) != null
                        ? List.of((String[]) row.getArray(1).getArray())
                        : null;
            }
        }
    }

    private void call(String sql, @Nullable Object... further) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            statement.setString(1, migration.uid());
            for (int i = 0; i < further.length; i++) {
                statement.setObject(i + 2, further[i]);
            }
            statement.execute();
        }
    }
}
