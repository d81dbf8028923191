package io.pgmosaic.router.bench;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Sends lookups at a fixed rate, whether or not the ones before are answered, and measures each from the moment at which
 * it was due: a server that stalls is charged for all that had to wait for a connection. (wrk sends the next when the last
 * is answered, and has no rate.) One thread that spins; what falls due while the system keeps it off the processor is left
 * out, since it says nothing of the server, and missing in the rate of the result.
 */
final class PacedLoad {
    private static final int TARGETS = 4_096;
    private static final long MOST_LATE = TimeUnit.MICROSECONDS.toNanos(200);

    private final Deque<LoadConnection> idle = new ArrayDeque<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private final Histogram latencies = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private final ByteBuffer[] requests = new ByteBuffer[TARGETS];
    private final long interval;
    private final long measureFrom;
    private final long end;
    private long due;
    private int sent;
    private int answered;

    /**
     * @param latencies in nanoseconds
     * @param rate lookups a second that were sent in fact
     */
    record Result(Histogram latencies, double rate) {}

    private PacedLoad(double rate, long warmUp, long measured) {
        for (int i = 0; i < TARGETS; i++) {
            byte[] request = ("GET /v1/route?table=orders&key=" + i * 7_919L
                            + "&intent=write HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(US_ASCII);
            requests[i] = ByteBuffer.allocateDirect(request.length).put(request).flip();
        }
        this.interval = (long) (TimeUnit.SECONDS.toNanos(1) / rate);
        this.due = System.nanoTime();
        this.measureFrom = due + warmUp;
        this.end = measureFrom + measured;
    }

    /** What was due within {@code measured} nanoseconds after {@code warmUp}. */
    static Result run(int port, int connections, double rate, long warmUp, long measured) throws IOException {
        PacedLoad load = new PacedLoad(rate, warmUp, measured);
        load.send(port, connections);
        return new Result(
                load.latencies, load.latencies.getTotalCount() / (measured / (double) TimeUnit.SECONDS.toNanos(1)));
    }

    private void send(int port, int connections) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                idle.add(LoadConnection.open(port, selector));
            }
            while (due < end || answered < sent || !waiting.isEmpty()) {
                schedule(System.nanoTime());
                while (!waiting.isEmpty() && !idle.isEmpty()) {
                    idle.poll().ask(requests[sent % TARGETS], waiting.poll());
                    sent++;
                }
                if (selector.selectNow() > 0) {
                    receive(selector);
                } else {
                    Thread.onSpinWait();
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
    }

    private void schedule(long now) {
        if (now - due > MOST_LATE) {
            long late = (now - due) / interval;
            due += late * interval;
        }
        while (due <= now && due < end) {
            waiting.add(due);
            due += interval;
        }
    }

    private void receive(Selector selector) throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            LoadConnection connection = (LoadConnection) key.attachment();
            if (connection.answered()) {
                answered++;
                if (connection.asked() >= measureFrom) {
                    latencies.recordValue(System.nanoTime() - connection.asked());
                }
                idle.add(connection);
            }
        }
        selector.selectedKeys().clear();
    }
}
