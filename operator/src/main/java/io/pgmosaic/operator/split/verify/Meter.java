package io.pgmosaic.operator.split.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Counts what has been read, tells it, and waits when nothing is to be read. */
final class Meter {
    private static final long PAUSE_MILLIS = 200;
    private static final int STAY_AWAKE_EVERY = 50;

    private final Watch watch;
    private final int tables;
    private final long blocks;
    private final long begun = System.nanoTime();
    private int tablesDone;
    private long blocksDone;
    private long rowsDone;
    private String table = "";
    private long blocksHere;
    private long blocksRead;
    private final long[] rowsRead = new long[2];
    private long chunks;
    private long pausedNanos;

    /**
     * @param blocks of all tables, of both sides together
     * @param tablesDone before
     */
    Meter(Watch watch, int tables, int tablesDone, long blocks) {
        this.watch = watch;
        this.tables = tables;
        this.tablesDone = tablesDone;
        this.blocks = blocks;
    }

    /** @param ofBoth its blocks */
    synchronized void begin(String name, long ofBoth) {
        table = name;
        blocksHere = ofBoth;
        blocksRead = 0;
        rowsRead[0] = 0;
        rowsRead[1] = 0;
        tell();
    }

    /** @param side 0 or 1 */
    synchronized void read(int side, long blocksOfChunk, long rowsOfChunk) {
        blocksRead += blocksOfChunk;
        rowsRead[side] += rowsOfChunk;
        chunks++;
        tell();
    }

    synchronized void done() {
        rowsDone += rowsHere();
        blocksDone += blocksHere;
        tablesDone++;
        begin(table, 0);
    }

    private long rowsHere() {
        return Math.min(rowsRead[0], rowsRead[1]);
    }

    private void tell() {
        long rows = rowsDone + rowsHere();
        double seconds = Math.max(1, System.nanoTime() - begun - pausedNanos) / 1e9;
        long read = blocksDone + Math.min(blocksRead, blocksHere);
        double fraction = blocks == 0 ? (double) tablesDone / tables : (double) Math.min(read, blocks) / blocks;
        watch.progress(new Progress(table, tablesDone, tables, rows, fraction, chunks, rows / seconds));
    }

    /** One that waits as this one does, and tells nothing. */
    Meter silent() {
        return new Meter(
                new Watch() {
                    @Override
                    public void progress(Progress progress) {}

                    @Override
                    public Optional<String> pause() {
                        return watch.pause();
                    }

                    @Override
                    public boolean cancelled() {
                        return watch.cancelled();
                    }
                },
                tables,
                tablesDone,
                blocks);
    }

    /** Waits while nothing is to be read. */
    void mayRead(Connection session) throws SQLException, InterruptedException {
        long since = System.nanoTime();
        for (int i = 1; ; i++) {
            if (watch.cancelled()) {
                throw new CancelledException();
            }
            if (watch.pause().isEmpty()) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            if (i % STAY_AWAKE_EVERY == 0) {
                Readers.stayAwake(session);
            }
        }
        synchronized (this) {
            pausedNanos += System.nanoTime() - since;
        }
    }
}
