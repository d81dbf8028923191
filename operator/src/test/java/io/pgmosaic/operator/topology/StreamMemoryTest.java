package io.pgmosaic.operator.topology;

import io.netty.buffer.PooledByteBufAllocator;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import javax.net.ssl.SSLSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** What receivers that take nothing have the operator hold for them, as docs/operations.md has it. Over real TLS. */
class StreamMemoryTest {
    private static final int SHARDS = 64;
    private static final int RECEIVERS = 40;
    /** Bytes of news: together many times what may be held. */
    private static final int NEWS = 40 * (40 << 10);

    /** What a TLS record costs beside its content, which the allocator rounds up by a quarter at most. */
    private static final long RECORD = 1 << 10;

    private static final long DOCUMENTED_IN_PROCESS = 64 << 10;
    private static final long DOCUMENTED_IN_KERNEL = 128 << 10;
    private static final StreamLimits LIMITS =
            new StreamLimits(1_000, 4, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(1));

    /** Of all shards at a time, of some, and of one, which is many small writes. */
    @ParameterizedTest
    @ValueSource(ints = {SHARDS, SHARDS / 4, 1})
    @Timeout(120)
    void isBoundedForEachReceiver(int changed) throws Exception {
        List<SSLSocket> silent = new ArrayList<>();
        long before = held();
        try (ServedTopology served = new ServedTopology(LIMITS)) {
            served.hub().publish(ServedTopology.ORDERS, HubTopologies.database("shop", shards(1, SHARDS)));
            try (BufferedReader lines = served.stream("?since=")) {
                lines.readLine();
                for (int i = 0; i < RECEIVERS; i++) {
                    silent.add(silent(served));
                }
                long news = 0;
                for (long term = 2, sent = 0; sent < NEWS; term++, sent += news) {
                    served.hub().publish(ServedTopology.ORDERS, HubTopologies.database("shop", shards(term, changed)));
                    news = read(lines, changed);
                }
                long process = (held() - before) / RECEIVERS;
                long kernel = unsent(served.port()) / RECEIVERS;
                assertThat(process)
                        .as("bytes in the process for each of them, with news of %d bytes", news)
                        .isBetween(1L, DOCUMENTED_IN_PROCESS)
                        .isLessThan(news * 5 / 4 + RECORD);
                assertThat(Files.readString(Path.of("../docs/operations.md")))
                        .contains("up to " + (DOCUMENTED_IN_PROCESS >> 10) + " KiB in the operator's buffers and "
                                + (DOCUMENTED_IN_KERNEL >> 10) + " KiB in the kernel's");
                assertThat(kernel).as("bytes in the kernel for each of them").isBetween(1L, DOCUMENTED_IN_KERNEL);
            }
        } finally {
            for (SSLSocket socket : silent) {
                socket.close();
            }
        }
    }

    /** Reads one piece of news, of so many shards, and returns its length. */
    private static long read(BufferedReader lines, int changed) throws IOException {
        long bytes = 0;
        for (int shards = 0; shards < changed; ) {
            String line = lines.readLine();
            if (line.contains("\"type\":\"shard\"")) {
                shards++;
                bytes += line.length() + 1;
            }
        }
        return bytes;
    }

    private static long held() {
        PooledByteBufAllocator allocator = (PooledByteBufAllocator) VertxByteBufAllocator.POOLED_ALLOCATOR;
        return allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();
    }

    /** What the kernel holds for the receivers of a port, by its own table. */
    private static long unsent(int port) throws IOException {
        long bytes = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields[1].endsWith(String.format(":%04X", port))) {
                    bytes += Long.parseLong(fields[4].substring(0, 8), 16);
                }
            }
        }
        return bytes;
    }

    private static SSLSocket silent(ServedTopology served) throws IOException {
        SSLSocket socket = (SSLSocket) served.tls().getSocketFactory().createSocket();
        socket.setReceiveBufferSize(8 << 10);
        socket.connect(new InetSocketAddress("localhost", served.port()));
        socket.getOutputStream()
                .write(("GET " + ServedTopology.PATH
                                + "?since= HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
                                + "Accept: application/x-ndjson\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().read();
        return socket;
    }

    private static List<ShardTopology> shards(long term, int changed) {
        return IntStream.range(0, SHARDS)
                .mapToObj(shard -> new ShardTopology(
                        "s" + shard,
                        shard < changed ? term : 1,
                        server(shard, 0),
                        List.of(replica(shard, 1), replica(shard, 2)),
                        null,
                        new LogPosition(term, new Lsn(1L << 40))))
                .toList();
    }

    private static Replica replica(int shard, int ordinal) {
        return new Replica(server(shard, ordinal), 120L, new LogPosition(1, new Lsn(1L << 40)), 1_000L);
    }

    private static Server server(int shard, int ordinal) {
        String name = "orders-s" + shard + "-" + ordinal;
        return new Server(name, name + ".orders-s" + shard + ".shop.svc", 5432);
    }
}
