package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.checker.Violation;
import io.pgmosaic.checker.accounts.AccountTables;
import io.pgmosaic.local.pods.Volumes;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Splits one after another while clients write and things break, and the checks after each. */
final class SplitChaos implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** Within which an operator has taken away what another one made when it was late. */
    private static final Duration TWO_SWEEPS = Duration.ofSeconds(75);

    private static final int SHARDS = 2;
    private static final int INSTANCES = 2;
    private static final String LABEL = "pgmosaic.io/cluster";

    private final Plan plan;
    private final Patient patient;
    private final Consumer<String> log;
    private int shardsEver = SHARDS;

    /**
     * What is to be done.
     *
     * @param seed of everything that is drawn beside the turns
     * @param ballast rows that nobody changes
     * @param bytesPerSecond of a copy
     */
    record Plan(long seed, List<SplitTurn> turns, int holders, int ballast, long bytesPerSecond) {
        Plan {
            turns = List.copyOf(turns);
        }
    }

    /**
     * How it went.
     *
     * @param ends of the splits, in their order
     * @param violations of what was promised; empty when all is well
     */
    record Result(List<SplitPhase> ends, List<Violation> violations, AccountLog log) {}

    private SplitChaos(Plan plan, Patient patient, Consumer<String> log) {
        this.plan = plan;
        this.patient = patient;
        this.log = log;
    }

    /** Starts a cluster, and waits until it is well. Closing the run ends it. */
    static SplitChaos start(Plan plan, String folderName, Consumer<String> log)
            throws Waiting.TooLong, InterruptedException {
        String tables = "{name: %s, key: [{column: key, type: BigInt}]}";
        Patient.Design design = new Patient.Design(
                SHARDS,
                INSTANCES,
                "{strategy: HashRange, tables: ["
                        + String.join(
                                ", ",
                                tables.formatted(AccountTables.ACCOUNTS),
                                tables.formatted(AccountTables.ENTRIES),
                                tables.formatted(AccountTables.BALLAST))
                        + "], referenceTables: [{name: " + AccountTables.UNITS + "}]}",
                AccountTables.SQL);
        return new SplitChaos(plan, Patient.start(folderName, design, Volumes.canLimit()), log);
    }

    Patient patient() {
        return patient;
    }

    /**
     * Runs it, until something that was promised is broken.
     *
     * @throws Waiting.TooLong when a split does not end, or the cluster does not get well after it
     */
    Result run() throws Waiting.TooLong, InterruptedException, IOException, SQLException {
        List<SplitPhase> ends = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(plan.seed());
        try (AccountHolders holders = AccountHolders.start(patient, plan.holders(), plan.ballast(), plan.seed())) {
            for (SplitTurn turn : plan.turns()) {
                holders.lookAtTheMap();
                ends.add(carryOut(turn, ends.size() + 1, holders, random));
                awaitNothingLeft().ifPresent(violations::add);
                holders.atRest(() -> violations.addAll(SplitInspection.of(patient, holders)));
                violations.addAll(holders.log().violations());
                log.accept("  " + holders.log().summary() + "; " + patient.terms());
                if (!violations.isEmpty()) {
                    break;
                }
            }
            return new Result(ends, violations, holders.log());
        }
    }

    private SplitPhase carryOut(SplitTurn turn, int number, AccountHolders holders, SplittableRandom random)
            throws Waiting.TooLong, InterruptedException, IOException {
        List<String> before = patient.shards();
        String source = before.get(random.nextInt(before.size()));
        List<String> targets = new ArrayList<>();
        targets.add(turn.keepsSource() ? source : newShard());
        targets.add(newShard());
        TreeSet<String> all = new TreeSet<>(before);
        all.addAll(targets);
        holders.log().shards(List.copyOf(all));
        log.accept("[" + number + "/" + plan.turns().size() + "] " + source + " into " + targets + ": " + turn);
        SplitAct.Split split = new SplitAct.Split("turn-" + number, source, targets, plan.bytesPerSecond());
        SplitPhase end = new SplitAct(patient, turn, split, log).run();
        if (turn.undoneIn() == null && end != SplitPhase.COMPLETED) {
            throw new IllegalStateException("nobody took the split back, and it is " + end);
        }
        if (end == SplitPhase.COMPLETED && !turn.keepsSource()) {
            all.remove(source);
        }
        List<String> after = end == SplitPhase.COMPLETED ? List.copyOf(all) : before;
        patient.expect(after.size());
        Waiting.until(LIMIT, () -> unlike(after).or(patient::ailment));
        holders.log().shards(after);
        return end;
    }

    private Optional<Violation> awaitNothingLeft() throws InterruptedException {
        long began = System.nanoTime();
        try {
            Waiting.until(TWO_SWEEPS, () -> {
                try {
                    List<String> left = SplitInspection.left(patient);
                    return left.isEmpty() ? Optional.empty() : Optional.of(left.toString());
                } catch (SQLException | KubernetesClientException e) {
                    return Optional.of("a primary does not tell: " + e.getMessage());
                }
            });
            log.accept(String.format("  nothing is left of it after %.1f s", (System.nanoTime() - began) / 1e9));
            return Optional.empty();
        } catch (Waiting.TooLong e) {
            return Optional.of(new Violation("something is left of a split", String.valueOf(e.getMessage())));
        }
    }

    private String newShard() {
        return "s" + shardsEver++;
    }

    /** What differs from a cluster of these shards in which nothing is split. */
    private Optional<String> unlike(List<String> shards) {
        try {
            ShardedCluster cluster = patient.cluster();
            if (!cluster.getStatus().splits().isEmpty()) {
                return Optional.of("a split is recorded: " + cluster.getStatus().splits());
            }
            if (!patient.shards().equals(shards)) {
                return Optional.of("there are the shards " + patient.shards() + " instead of " + shards);
            }
            return patient
                    .local()
                    .client()
                    .apps()
                    .statefulSets()
                    .inNamespace(Patient.NAMESPACE)
                    .withLabel(LABEL, Patient.NAME)
                    .list()
                    .getItems()
                    .stream()
                    .map(set -> set.getMetadata().getName())
                    .filter(set -> shards.stream().noneMatch(shard -> set.equals(Patient.NAME + "-" + shard)))
                    .findFirst()
                    .map(set -> "the StatefulSet " + set + " is there still");
        } catch (KubernetesClientException e) {
            return Optional.of("the Kubernetes API does not tell: " + e.getMessage());
        }
    }

    /** Ends the cluster. What it wrote stays until it is deleted. */
    @Override
    public void close() {
        patient.close();
    }
}
