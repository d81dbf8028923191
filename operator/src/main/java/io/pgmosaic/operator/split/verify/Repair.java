package io.pgmosaic.operator.split.verify;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;

/**
 * Makes rows of the receiver equal to the sender's, in the transaction for whose end the stream waits. So what the stream brings later is
 * applied to the repaired rows, and what it brought before is in both of what is read and what is replaced.
 */
record Repair(TableQueries ofSender, TableQueries ofReceiver, Connection sender, Connection holder) {
    /** Gives why it is not possible, without values of the row; empty when it is done, as far as the transaction is committed. */
    String of(Set<RowKey> keys) throws SQLException {
        Savepoint before = holder.setSavepoint();
        try (Statement statement = holder.createStatement()) {
            // Neither guard nor foreign keys nor the user's triggers have a say, as with the stream.
            statement.execute("SET LOCAL session_replication_role = replica");
            statement.executeUpdate(ofReceiver.delete(keys));
            copy(keys);
            return "";
        } catch (SQLException e) {
            // An error of the session, and not of a statement, comes again here.
            holder.rollback(before);
            return "rows of " + ofReceiver.shape().table().qualifiedName() + " cannot be written: " + withoutValues(e);
        }
    }

    private void copy(Set<RowKey> keys) throws SQLException {
        CopyOut out = sender.unwrap(PGConnection.class).getCopyAPI().copyOut(ofSender.copyOut(keys));
        try {
            CopyIn in = holder.unwrap(PGConnection.class).getCopyAPI().copyIn(ofReceiver.copyIn());
            try {
                for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                    in.writeToCopy(row, 0, row.length);
                }
                in.endCopy();
            } finally {
                if (in.isActive()) {
                    in.cancelCopy();
                }
            }
        } finally {
            if (out.isActive()) {
                out.cancelCopy();
            }
        }
    }

    /** A server's message may quote them. */
    private static String withoutValues(SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException server ? server.getServerErrorMessage() : null;
        String constraint = said == null ? null : said.getConstraint();
        return "SQLSTATE " + e.getSQLState() + (constraint == null ? "" : ", constraint " + constraint);
    }
}
