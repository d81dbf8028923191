package io.pgmosaic.checker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.Operation.Outcome;
import io.pgmosaic.checker.Router.Route;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An application's pod: empties the tables, lets clients use every shard until the stop file is there, reads what there is then,
 * checks it, and prints a {@link Report} as one line of JSON. The settings are those of {@link ApplicationSettings}.
 */
public final class Application {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final long PROGRESS_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int KEYS_TO_TRY = 10_000;

    private final ApplicationSettings settings;
    private final Router router;
    private final History history = new History();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final PrintStream out;

    private Application(ApplicationSettings settings, PrintStream out) {
        this.settings = settings;
        this.router = new Router(settings.router());
        this.out = out;
    }

    /** Ends with 0 when every promise was kept, else with 1. */
    public static void main(String[] arguments) throws Exception {
        Report report = new Application(ApplicationSettings.of(System.getenv()), System.out).run();
        System.out.println("REPORT " + new JsonMapper().writeValueAsString(report));
        System.exit(report.violations().isEmpty() ? 0 : 1);
    }

    private Report run() throws InterruptedException, SQLException, ExecutionException {
        for (String shard : settings.shards()) {
            onPrimary(shard, connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("TRUNCATE " + Tables.REGISTERS + ", " + Tables.INSERTS);
                }
            });
        }
        out.println("BEGIN " + settings.shards());
        Clocks clocks = Clocks.now();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            try {
                clients = begin(threads);
                tellUntilStopped();
            } finally {
                ended.set(true);
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        List<Long> ids = new ArrayList<>();
        Map<String, Set<Long>> keys = new TreeMap<>();
        for (String shard : eventually("its shards", router::shards)) {
            onPrimary(shard, connection -> readEverything(shard, connection, ids, keys));
        }
        List<Operation> operations = history.operations();
        List<Violation> violations = new ArrayList<>(InsertCheck.check(operations, ids));
        violations.addAll(FencingCheck.check(operations, List.of()));
        violations.addAll(RouteCheck.check(router.answers()));
        violations.addAll(RegisterCheck.check(operations));
        violations.addAll(PlaceCheck.check(keys, owners(keys.values())));
        return Report.of(operations, violations, List.copyOf(keys.keySet()), clocks);
    }

    private List<Future<?>> begin(ExecutorService threads) {
        SplittableRandom random = new SplittableRandom();
        long began = System.nanoTime();
        List<Future<?>> clients = new ArrayList<>();
        int count = settings.shards().size() * settings.clientsPerShard();
        for (int number = 0; number < count; number++) {
            clients.add(threads.submit(new Client(
                    number,
                    Home.of(settings.shards(), number),
                    random.split(),
                    router,
                    settings.access(),
                    history,
                    began,
                    settings.longestThought(),
                    ended)));
        }
        return clients;
    }

    private void tellUntilStopped() {
        long told = System.nanoTime();
        while (!Files.exists(settings.stop())) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (System.nanoTime() - told > PROGRESS_NANOS) {
                told = System.nanoTime();
                out.println("PROGRESS " + Report.counts(history.operations()));
            }
        }
    }

    private Map<Long, String> owners(Collection<Set<Long>> keys) throws InterruptedException, SQLException {
        Map<Long, String> owners = new HashMap<>();
        for (Set<Long> some : keys) {
            for (long key : some) {
                owners.put(key, eventually("a shard for key " + key, () -> router.primary(key)
                        .shard()));
            }
        }
        return owners;
    }

    private void readEverything(String shard, Connection connection, List<Long> ids, Map<String, Set<Long>> keys)
            throws SQLException {
        List<Long> found = Tables.ids(connection);
        long began = System.nanoTime();
        Map<Long, Long> registers = Tables.registers(connection);
        long end = System.nanoTime();
        keys.put(shard, Tables.keys(connection));
        ids.addAll(found);
        int reader = settings.shards().size() * settings.clientsPerShard();
        registers.forEach((key, value) -> history.add(
                new Operation(reader, new Read(value), key, began, end, Outcome.ACKNOWLEDGED, shard, null, null)));
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    /** Does something on a shard's primary as the router names it. */
    private void onPrimary(String shard, Work work) throws InterruptedException, SQLException {
        Map<String, Long> keys = new HashMap<>();
        eventually("a primary of " + shard, () -> {
            Route route = route(shard, keys);
            try (Connection connection = settings.access().connect(route.host(), route.port())) {
                work.on(connection);
                return route;
            }
        });
    }

    private interface Attempt<T> {
        T make() throws IOException, SQLException, InterruptedException;
    }

    /** Tries again for some minutes. */
    private <T> T eventually(String what, Attempt<T> attempt) throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return attempt.make();
            } catch (IOException | SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new SQLException("the router does not give " + what + " for " + LIMIT.toSeconds() + " s", e);
                }
                out.println("WAITING for " + what + ": " + e.getMessage());
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    /** @param keys a key of each shard that was met so far */
    private Route route(String shard, Map<String, Long> keys) throws IOException, InterruptedException {
        for (long key = keys.getOrDefault(shard, 0L); key < KEYS_TO_TRY; key++) {
            Route route = router.primary(key);
            keys.putIfAbsent(route.shard(), key);
            if (route.shard().equals(shard)) {
                return route;
            }
        }
        throw new IOException("the router knows no shard " + shard);
    }
}
