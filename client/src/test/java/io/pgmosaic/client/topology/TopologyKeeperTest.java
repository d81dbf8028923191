package io.pgmosaic.client.topology;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/** What is done when the router does not answer. */
class TopologyKeeperTest {
    private static final int THREADS = 12;
    private static final Duration SELDOM = Duration.ofHours(1);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @Test
    void aRouterThatHangsIsNotWaitedForByOneThreadAfterTheOther() throws Exception {
        Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
        AtomicInteger failures = new AtomicInteger();
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RouterConnection router =
                        new RouterConnection(URI.create("http://127.0.0.1:" + hanging.getLocalPort()), TIMEOUT);
                TopologyKeeper keeper = new TopologyKeeper(router, SELDOM, told -> {})) {
            Thread.ofVirtual().start(() -> accept(hanging, accepted));
            CountDownLatch ready = new CountDownLatch(THREADS);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    ready.countDown();
                    try {
                        ready.await();
                        keeper.current();
                    } catch (IOException e) {
                        failures.incrementAndGet();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).hasValue(THREADS);
            assertThat(accepted.size()).as("times that the router was asked").isBetween(1, 2);
        } finally {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }

    private static void accept(ServerSocket hanging, Queue<Socket> accepted) {
        try {
            while (true) {
                accepted.add(hanging.accept());
            }
        } catch (SocketException closed) {
            assertThat(hanging.isClosed()).isTrue();
        } catch (IOException e) {
            throw new IllegalStateException("no connection can be accepted", e);
        }
    }

    @Test
    void aFailureThatCameAtOnceIsNotSharedForLong() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (RouterConnection router = new RouterConnection(URI.create("http://127.0.0.1:" + port), TIMEOUT);
                TopologyKeeper keeper = new TopologyKeeper(router, SELDOM, told -> {})) {
            String first = failure(keeper);
            long failed = System.nanoTime();
            String later = failure(keeper);
            while (later.equals(first)
                    && System.nanoTime() - failed < Duration.ofSeconds(30).toNanos()) {
                later = failure(keeper);
            }
            assertThat(later).isNotEqualTo(first);
        }
    }

    /** Which failure of a request it goes back to. */
    private static String failure(TopologyKeeper keeper) {
        try {
            return String.valueOf(keeper.refresh());
        } catch (IOException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return Integer.toHexString(System.identityHashCode(cause));
        }
    }
}
