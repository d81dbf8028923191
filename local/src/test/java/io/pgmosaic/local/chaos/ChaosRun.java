package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Client;
import io.pgmosaic.checker.FencingCheck;
import io.pgmosaic.checker.History;
import io.pgmosaic.checker.Home;
import io.pgmosaic.checker.InsertCheck;
import io.pgmosaic.checker.Operation;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.RegisterCheck;
import io.pgmosaic.checker.RouteCheck;
import io.pgmosaic.checker.Tables;
import io.pgmosaic.checker.Violation;
import io.pgmosaic.checker.WriteGaps;
import io.pgmosaic.checker.consistency.ConsistencyLog;
import io.pgmosaic.checker.consistency.Guarantee;
import io.pgmosaic.local.chaos.Fault.Kind;
import io.pgmosaic.local.chaos.Fault.Round;
import io.pgmosaic.local.chaos.Injector.Blow;
import io.pgmosaic.local.pods.Volumes;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One run from a seed: clients all the time, rounds of faults one after another, and the checks at the end. */
final class ChaosRun implements AutoCloseable {
    private static final int MOST_PROBLEMS = 5;
    private static final Duration FINAL_LIMIT = Duration.ofSeconds(30);

    private final Plan plan;
    private final Consumer<String> log;
    private final Patient patient;
    private final History history = new History();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Outage> outages = new ArrayList<>();
    private final Promotions promotions;

    /**
     * What is to be done.
     *
     * @param wanted kinds of faults; those that this machine does not allow are left out
     * @param limit within which the cluster must be well again after a round's last fault has ended
     * @param readers that check read guarantees, an even number
     * @param reads how often each guarantee is to be checked; faults go on until it was
     */
    record Plan(
            long seed,
            int faults,
            Set<Kind> wanted,
            int shards,
            int clients,
            Duration longestThought,
            Duration longestStop,
            Duration limit,
            int readers,
            long reads) {
        /** The faults that this machine allows. */
        Schedule.Shape shape() {
            Set<Kind> kinds = EnumSet.copyOf(wanted);
            if (!Volumes.canLimit()) {
                kinds.remove(Kind.DISK_FULL);
            }
            return new Schedule.Shape(shards, Patient.INSTANCES, longestStop, kinds);
        }
    }

    /**
     * A round as it went.
     *
     * @param recovery from the end of its last fault until the cluster was well, in seconds
     * @param gaps longest time without an acknowledged write on each shard, in seconds
     */
    record Outage(Round round, long from, long to, double recovery, Map<String, Double> gaps) {}

    /**
     * How it went.
     *
     * @param violations of what was promised; empty when all is well
     */
    record Result(
            Plan plan,
            Duration took,
            List<Outage> outages,
            List<Operation> operations,
            List<Violation> violations,
            ConsistencyLog consistency,
            String terms) {}

    private ChaosRun(Plan plan, Patient patient, Consumer<String> log) {
        this.plan = plan;
        this.patient = patient;
        this.log = log;
        promotions = new Promotions(patient);
    }

    /** Starts a cluster, and waits until it is well. Closing the run ends it. */
    static ChaosRun start(Plan plan, String folderName, Consumer<String> log)
            throws Waiting.TooLong, InterruptedException {
        if (!Volumes.canLimit()) {
            log.accept("No disk will be full: only root can give a volume a size here");
        }
        return new ChaosRun(
                plan, Patient.start(folderName, Patient.Design.ofRegisters(plan.shards()), Volumes.canLimit()), log);
    }

    Patient patient() {
        return patient;
    }

    History history() {
        return history;
    }

    /**
     * Runs it.
     *
     * @throws Waiting.TooLong when the cluster does not get well again
     */
    Result run() throws Waiting.TooLong, InterruptedException, IOException, SQLException {
        long began = System.nanoTime();
        List<String> shards = patient.shards();
        ConsistencyLog consistency;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            try {
                SplittableRandom random = new SplittableRandom(plan.seed());
                for (int number = 0; number < plan.clients(); number++) {
                    running.add(clients.submit(new Client(
                            number,
                            Home.of(shards, number),
                            random.split(),
                            patient.router(),
                            patient.access(),
                            history,
                            began,
                            plan.longestThought(),
                            ended)));
                }
                awaitWell(began, shards);
                try (Readers readers =
                        Readers.start(plan.readers(), "run", plan.seed(), patient, patient.guaranteedRouter())) {
                    consistency = readers.log();
                    breakAndAwait(shards, readers);
                }
            } finally {
                ended.set(true);
            }
            for (Future<?> client : running) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client gave up", e.getCause());
        }
        List<Long> ids = new ArrayList<>();
        readEverything(shards, ids);
        List<Operation> operations = history.operations();
        List<Violation> violations = new ArrayList<>(InsertCheck.check(operations, ids));
        violations.addAll(FencingCheck.check(operations, promotions.known()));
        violations.addAll(RouteCheck.check(patient.router().answers()));
        violations.addAll(RegisterCheck.check(operations));
        for (Guarantee guarantee : Guarantee.values()) {
            violations.addAll(consistency.violations(guarantee));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return new Result(
                plan, took, withGaps(operations, shards), operations, violations, consistency, patient.terms());
    }

    private void breakAndAwait(List<String> shards, Readers readers)
            throws Waiting.TooLong, InterruptedException, IOException {
        long seed = plan.seed();
        do {
            breakAndAwait(shards, Schedule.of(seed, plan.faults(), plan.shape()));
            seed++;
            if (plan.readers() > 0) {
                log.accept("each guarantee was checked " + readers.least() + " times or more");
            }
        } while (readers.least() < plan.reads());
    }

    private void breakAndAwait(List<String> shards, List<Round> rounds)
            throws Waiting.TooLong, InterruptedException, IOException {
        int done = 0;
        Injector injector = new Injector(patient);
        for (Round round : rounds) {
            Injector.pause(round.pause().toNanos());
            List<Blow> blows = round.faults().stream().map(injector::prepare).toList();
            done += blows.size();
            log.accept(String.format("[%d/%d] %s", done, plan.faults(), blows));
            long from = System.nanoTime();
            carryOut(injector, blows);
            long undone = System.nanoTime();
            awaitWell(undone, shards);
            long to = System.nanoTime();
            promotions.look();
            Outage outage = new Outage(round, from, to, (to - undone) / 1e9, Map.of());
            outages.add(outage);
            List<Operation> operations = history.operations();
            log.accept(String.format(
                    "        well %.1f s after that; longest write gap %s; %s",
                    outage.recovery(), describe(new WriteGaps(operations), shards, from, to), patient.terms()));
            for (String shard : shards) {
                log.accept("        " + shard + ": " + problems(operations, shard, from, to));
            }
        }
    }

    private static String describe(WriteGaps gaps, List<String> shards, long from, long to) {
        return String.join(
                ", ",
                shards.stream()
                        .map(shard -> String.format("%s %.2f s", shard, gaps.longest(shard, from, to) / 1e9))
                        .toList());
    }

    /** What the clients of a shard were told, the most frequent first. */
    private static String problems(List<Operation> operations, String shard, long from, long to) {
        Map<String, Long> counts = operations.stream()
                .filter(operation -> operation.shard().equals(shard))
                .filter(operation -> operation.ended() >= from && operation.began() <= to)
                .collect(Collectors.groupingBy(
                        operation -> operation.isAcknowledged()
                                ? "acknowledged"
                                : operation.outcome().name().toLowerCase(Locale.ROOT) + ", "
                                        + String.valueOf(operation.problem())
                                                .lines()
                                                .findFirst()
                                                .orElse(""),
                        Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_PROBLEMS)
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining("; "));
    }

    private void carryOut(Injector injector, List<Blow> blows) throws InterruptedException, IOException {
        try (ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> started = new ArrayList<>();
            for (Blow blow : blows) {
                started.add(hands.submit(() -> {
                    try {
                        injector.carryOut(blow);
                    } catch (NoSuchElementException e) {
                        log.accept("        nothing left to break: " + e.getMessage());
                    }
                    return null;
                }));
            }
            for (Future<?> blow : started) {
                blow.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a fault could not be carried out", e.getCause());
        }
    }

    private void awaitWell(long since, List<String> shards) throws Waiting.TooLong, InterruptedException {
        Waiting.until(plan.limit(), () -> {
            for (String shard : shards) {
                if (!history.hasWrittenSince(shard, since)) {
                    return Optional.of("no write on " + shard + " was acknowledged since");
                }
            }
            return patient.ailment();
        });
    }

    /** Reads all that there is at the end; what the registers hold then belongs to their history. */
    private void readEverything(List<String> shards, List<Long> ids)
            throws Waiting.TooLong, InterruptedException, SQLException {
        Waiting.until(FINAL_LIMIT, patient::ailment);
        promotions.look();
        int shard = 0;
        for (Connection connection : patient.primaries()) {
            String name = shards.get(shard++);
            try (connection) {
                ids.addAll(Tables.ids(connection));
                long began = System.nanoTime();
                Map<Long, Long> registers = Tables.registers(connection);
                long end = System.nanoTime();
                registers.forEach((key, value) -> history.add(new Operation(
                        plan.clients(),
                        new Read(value),
                        key,
                        began,
                        end,
                        Operation.Outcome.ACKNOWLEDGED,
                        name,
                        null,
                        null)));
            }
        }
    }

    private List<Outage> withGaps(List<Operation> operations, List<String> shards) {
        WriteGaps gaps = new WriteGaps(operations);
        return outages.stream()
                .map(outage -> {
                    Map<String, Double> longest = new java.util.TreeMap<>();
                    shards.forEach(shard -> longest.put(shard, gaps.longest(shard, outage.from(), outage.to()) / 1e9));
                    return new Outage(outage.round(), outage.from(), outage.to(), outage.recovery(), longest);
                })
                .toList();
    }

    /** Ends the clients and the cluster. What it wrote stays until it is deleted. */
    @Override
    public void close() {
        ended.set(true);
        patient.close();
    }
}
