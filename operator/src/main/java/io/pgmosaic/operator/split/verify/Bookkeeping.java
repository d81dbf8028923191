package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.routing.guard.SqlText;
import org.postgresql.replication.LogSequenceNumber;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the receiver's database keeps of comparisons: the tables that were equal, in {@code mosaic.moving_table}, and that all were, in
 * {@code mosaic.moving}. It counts for one copy, for the terms of both shards and for the rows and columns that were compared.
 */
final class Bookkeeping {
    /** The copy and the seal, as one text. */
    private static final String STATE = "md5(ROW(m.copy_began_at, m.copied_at, m.copy_position, m.copy_source_term,"
            + " m.copy_target_term, m.sealed_version)::text)";

    private static final String TERM = "coalesce(nullif(current_setting('mosaic.term', true), ''), '0')::bigint";

    private final Connection session;
    private final VerificationRequest request;
    private final long senderTerm;
    private final long receiverTerm;
    private final String state;

    private Bookkeeping(
            Connection session, VerificationRequest request, long senderTerm, long receiverTerm, String state) {
        this.session = session;
        this.request = request;
        this.senderTerm = senderTerm;
        this.receiverTerm = receiverTerm;
        this.state = state;
    }

    /**
     * Begins a comparison of the copy that is there now; empty when there is none.
     *
     * @param session of the receiver's superuser, with the settings of readers
     */
    static Optional<Bookkeeping> begin(Connection session, VerificationRequest request, long senderTerm)
            throws SQLException {
        String query = "SELECT " + STATE + " FROM mosaic.moving AS m WHERE m.stem = " + SqlText.literal(request.stem())
                + (request.direction() == Direction.FORWARD ? " AND m.copied_at IS NOT NULL" : "");
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next()
                    ? Optional.of(new Bookkeeping(session, request, senderTerm, term(session), row.getString(1)))
                    : Optional.empty();
        }
    }

    static long term(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + TERM)) {
            row.next();
            return row.getLong(1);
        }
    }

    long senderTerm() {
        return senderTerm;
    }

    private long sourceTerm() {
        return request.direction() == Direction.FORWARD ? senderTerm : receiverTerm;
    }

    private long targetTerm() {
        return request.direction() == Direction.FORWARD ? receiverTerm : senderTerm;
    }

    /** What was compared, as one text: it is no longer that once any of it has changed. */
    private String compared(TableShape shape) {
        return state + " " + request.direction() + " " + request.receiverHasOthers() + " "
                + Fingerprint.of(shape.toString());
    }

    /** The rows of those that need not be compared again. */
    Map<MovingTable, Long> finished(Iterable<TableShape> shapes) throws SQLException {
        Map<MovingTable, Long> finished = new HashMap<>();
        try (PreparedStatement statement = session.prepareStatement("SELECT t.rows FROM mosaic.moving_table AS t"
                + " WHERE t.stem = ? AND t.table_schema = ? AND t.table_name = ? AND t.source_term = ?"
                + " AND t.target_term = ? AND t.compared = ?")) {
            for (TableShape shape : shapes) {
                statement.setString(1, request.stem());
                statement.setString(2, shape.table().schema());
                statement.setString(3, shape.table().name());
                statement.setLong(4, sourceTerm());
                statement.setLong(5, targetTerm());
                statement.setString(6, compared(shape));
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        finished.put(shape.table(), row.getLong(1));
                    }
                }
            }
        }
        return finished;
    }

    void finish(TableShape shape, long rows, LogSequenceNumber position) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("INSERT INTO mosaic.moving_table"
                + " (stem, table_schema, table_name, rows, position, source_term, target_term, compared)"
                + " VALUES (?, ?, ?, ?, ?::pg_lsn, ?, ?, ?) ON CONFLICT (stem, table_schema, table_name) DO UPDATE"
                + " SET verified_at = now(), rows = EXCLUDED.rows, position = EXCLUDED.position,"
                + " source_term = EXCLUDED.source_term, target_term = EXCLUDED.target_term,"
                + " compared = EXCLUDED.compared")) {
            statement.setString(1, request.stem());
            statement.setString(2, shape.table().schema());
            statement.setString(3, shape.table().name());
            statement.setLong(4, rows);
            statement.setString(5, position.asString());
            statement.setLong(6, sourceTerm());
            statement.setLong(7, targetTerm());
            statement.setString(8, compared(shape));
            statement.executeUpdate();
        }
    }

    /** What an earlier comparison said does not hold. */
    void differs() throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("UPDATE mosaic.moving AS m SET verified_at = NULL,"
                + " verified_position = NULL, verified_source_term = NULL, verified_target_term = NULL"
                + " WHERE m.stem = ?")) {
            statement.setString(1, request.stem());
            statement.executeUpdate();
        }
    }

    /** Says that all is equal; false when copy, seal or term are no longer what was compared, and nothing is said. */
    boolean verified(LogSequenceNumber position) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("UPDATE mosaic.moving AS m SET verified_at = now(),"
                + " verified_position = ?::pg_lsn, verified_source_term = ?, verified_target_term = ?"
                + " WHERE m.stem = ? AND " + STATE + " = ? AND " + TERM + " = ?")) {
            statement.setString(1, position.asString());
            statement.setLong(2, sourceTerm());
            statement.setLong(3, targetTerm());
            statement.setString(4, request.stem());
            statement.setString(5, state);
            statement.setLong(6, receiverTerm);
            return statement.executeUpdate() == 1;
        }
    }
}
