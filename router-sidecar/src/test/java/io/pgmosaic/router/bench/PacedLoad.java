package io.pgmosaic.router.bench;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Sends lookups at a fixed rate, whether or not the ones before are answered, and measures each from the moment at which
 * it was due: a server that stalls is charged for all that had to wait. (wrk sends the next when the last is answered and
 * has no rate.) One thread that spins.
 */
final class PacedLoad {
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private final Histogram latencies = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private long nextKey;

    private static final class Connection {
        final SocketChannel channel;
        final byte[] bytes = new byte[16 << 10];
        final ByteBuffer answer = ByteBuffer.wrap(bytes);
        long due;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Latencies in nanoseconds of what was due within {@code measured} after {@code warmUp}. */
    static Histogram run(int port, int connections, double rate, long warmUpNanos, long measuredNanos)
            throws IOException {
        return new PacedLoad().send(port, connections, rate, warmUpNanos, measuredNanos);
    }

    private Histogram send(int port, int connections, double rate, long warmUp, long measured) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                idle.add(connect(port, selector));
            }
            long start = System.nanoTime();
            long interval = (long) (TimeUnit.SECONDS.toNanos(1) / rate);
            long sent = 0;
            long answered = 0;
            long total = (warmUp + measured) / interval;
            while (answered < total) {
                long now = System.nanoTime();
                while (sent + waiting.size() < total && start + (sent + waiting.size()) * interval <= now) {
                    waiting.add(start + (sent + waiting.size()) * interval);
                }
                while (!waiting.isEmpty() && !idle.isEmpty()) {
                    ask(idle.poll(), waiting.poll());
                    sent++;
                }
                if (selector.selectNow() == 0) {
                    Thread.onSpinWait();
                    continue;
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    Connection connection = (Connection) key.attachment();
                    if (answered(connection)) {
                        answered++;
                        if (connection.due - start >= warmUp) {
                            latencies.recordValue(System.nanoTime() - connection.due);
                        }
                        idle.add(connection);
                    }
                }
                selector.selectedKeys().clear();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
        return latencies;
    }

    private static Connection connect(int port, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    private void ask(Connection connection, long due) throws IOException {
        nextKey = (nextKey + 7919) % 32_436_224;
        String request =
                "GET /v1/route?table=orders&key=" + nextKey + "&intent=write HTTP/1.1\r\nHost: localhost\r\n\r\n";
        connection.due = due;
        connection.answer.clear();
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
            connection.channel.write(bytes);
        }
    }

    /** Reads what there is; true when the answer is whole. */
    private static boolean answered(Connection connection) throws IOException {
        ByteBuffer buffer = connection.answer;
        if (connection.channel.read(buffer) < 0) {
            throw new IOException("the server closed a connection");
        }
        String head = new String(connection.bytes, 0, buffer.position(), US_ASCII);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("an answer that is not 200: " + head);
        }
        int at = head.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
        return buffer.position() == end + 4 + length;
    }
}
