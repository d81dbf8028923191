package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;

/** Takes the rows of one table out of one session and puts them into another. */
final class TablePipe {
    private static final int PIECE = 128 * 1024;

    private final Throttle throttle;
    private final CopyListener listener;
    private final byte[] buffer = new byte[PIECE];

    TablePipe(Throttle throttle, CopyListener listener) {
        this.throttle = throttle;
        this.listener = listener;
    }

    /**
     * Copies all rows that move; the writing session's transaction is left open.
     *
     * @return how many rows
     * @throws CancellationException when the copy is to end; the sessions are good for nothing then
     */
    Copied copy(MovingTable table, Connection from, Connection to) throws SQLException, InterruptedException {
        TableColumns columns = TableColumns.of(from, table);
        CopyOut out = from.unwrap(PGConnection.class).getCopyAPI().copyOut(columns.read(table));
        CopyIn in = to.unwrap(PGConnection.class).getCopyAPI().copyIn(columns.write(table));
        long rows = 0;
        long bytes = 0;
        int filled = 0;
        for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
            if (filled > 0 && filled + row.length > PIECE) {
                send(in, buffer, filled);
                bytes += filled;
                filled = 0;
                listener.copied(table.qualifiedName(), rows, bytes, false);
            }
            if (row.length > PIECE) {
                send(in, row, row.length);
                bytes += row.length;
            } else {
                System.arraycopy(row, 0, buffer, filled, row.length);
                filled += row.length;
            }
            rows++;
        }
        send(in, buffer, filled);
        long taken = in.endCopy();
        if (taken != rows) {
            throw new SQLException(
                    table.qualifiedName() + ": " + rows + " rows were read and " + taken + " were taken");
        }
        return new Copied(rows, bytes + filled);
    }

    /** What came of a table. */
    record Copied(long rows, long bytes) {}

    private void send(CopyIn in, byte[] bytes, int length) throws SQLException, InterruptedException {
        throttle.take(length);
        in.writeToCopy(bytes, 0, length);
    }
}
