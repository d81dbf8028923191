package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Readers and writers of a {@link ModelShard}, through a router that hears of it late: whatever they were promised to see they
 * see, whenever the router names a server at all. A failure names the seed.
 */
class ReadGuaranteesTest {
    private static final int SEEDS = 300;
    private static final int STEPS = 400;
    private static final int READERS = 5;
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);

    /** Who one client is, and what it must see. */
    private static final class Reader {
        final Set<Integer> wrote = new HashSet<>();
        final Set<Integer> saw = new HashSet<>();
        CausalToken token = CausalToken.EMPTY;
    }

    /** What came of a run. */
    private record Count(Map<Consistency, Integer> violations, int fromReplicas, int reads) {}

    @ParameterizedTest
    @EnumSource(ReplicaChoice.class)
    void noReadByTokenBreaksWhatItWasPromised(ReplicaChoice policy) {
        int fromReplicas = 0;
        int reads = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Count count = byToken(seed, policy, true, false);
            assertThat(count.violations()).as("seed %d", seed).isEmpty();
            fromReplicas += count.fromReplicas();
            reads += count.reads();
        }
        assertThat(fromReplicas).as("of %d reads", reads).isGreaterThan(reads / 10);
    }

    /** Also reports that are late; and they are worth their way. */
    @ParameterizedTest
    @EnumSource(ReplicaChoice.class)
    void noReadBreaksWhatItWasPromisedByWhatOtherClientsSawOfTheReplica(ReplicaChoice policy) {
        int untold = 0;
        int told = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Count count = byToken(seed, policy, true, true);
            assertThat(count.violations()).as("seed %d", seed).isEmpty();
            told += count.fromReplicas();
            untold += byToken(seed, policy, true, false).fromReplicas();
        }
        assertThat(told).isGreaterThan(untold + untold / 20);
    }

    @Test
    void aRouterThatIgnoresTokensIsCaught() {
        Map<Consistency, Integer> violations = new HashMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            byToken(seed, ReplicaChoice.LEAST_LAG, false, false)
                    .violations()
                    .forEach((consistency, count) -> violations.merge(consistency, count, Integer::sum));
        }
        assertThat(violations)
                .containsOnlyKeys(Consistency.READ_YOUR_WRITES, Consistency.MONOTONIC, Consistency.CAUSAL)
                .allSatisfy((consistency, count) -> assertThat(count).isGreaterThan(100));
    }

    /** With room for fewer sessions than there are, reports that come late or never, and a router that is started anew. */
    @Test
    void noReadOfASessionBreaksWhatItWasPromised() {
        int fromReplicas = 0;
        int reads = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Count count = bySession(seed, true);
            assertThat(count.violations()).as("seed %d", seed).isEmpty();
            fromReplicas += count.fromReplicas();
            reads += count.reads();
        }
        assertThat(fromReplicas).as("of %d reads", reads).isGreaterThan(reads / 50);
    }

    @Test
    void aRouterThatForgetsSessionsIsCaught() {
        Map<Consistency, Integer> violations = new HashMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            bySession(seed, false)
                    .violations()
                    .forEach((consistency, count) -> violations.merge(consistency, count, Integer::sum));
        }
        assertThat(violations)
                .containsOnlyKeys(Consistency.READ_YOUR_WRITES, Consistency.MONOTONIC, Consistency.CAUSAL);
    }

    private static Count byToken(int seed, ReplicaChoice policy, boolean heeds, boolean tells) {
        Random random = new Random(seed);
        ModelShard shard = new ModelShard(random);
        Router router = new Router(shard, random, policy);
        List<Reader> readers = readers();
        Map<Consistency, Integer> violations = new HashMap<>();
        int fromReplicas = 0;
        int reads = 0;
        for (int step = 0; step < STEPS; step++) {
            shard.step();
            router.hear();
            Reader reader = readers.get(random.nextInt(READERS));
            switch (random.nextInt(4)) {
                case 0 -> {
                    int write = shard.write();
                    if (write >= 0) {
                        reader.wrote.add(write);
                        reader.token = reader.token.with("s0", shard.end());
                    }
                }
                case 1 -> {
                    // A message from one to another: what it knows goes along.
                    Reader other = readers.get(random.nextInt(READERS));
                    reader.token = reader.token.merge(other.token);
                    reader.saw.addAll(other.saw);
                    reader.saw.addAll(other.wrote);
                }
                default -> {
                    Integer server =
                            router.choose(heeds ? ReadDemand.holding(reader.token.position("s0")) : ReadDemand.NOTHING);
                    Set<Integer> seen = server == null ? null : shard.read(server);
                    if (server != null && seen != null) {
                        reads++;
                        fromReplicas += router.isReplica(server) ? 1 : 0;
                        check(reader, seen, violations);
                        reader.saw.addAll(seen);
                        reader.token = reader.token.with("s0", shard.position(server));
                        if (tells) {
                            router.seen(server);
                        }
                    }
                }
            }
        }
        return new Count(violations, fromReplicas, reads);
    }

    private static Count bySession(int seed, boolean remembers) {
        Random random = new Random(seed);
        ModelShard shard = new ModelShard(random);
        Router router = new Router(shard, random, ReplicaChoice.LEAST_LAG);
        List<Reader> readers = readers();
        Sessions sessions = new Sessions(1, 0);
        Map<Consistency, Integer> violations = new HashMap<>();
        int fromReplicas = 0;
        int reads = 0;
        for (int step = 0; step < STEPS; step++) {
            shard.step();
            router.hear();
            if (random.nextInt(150) == 0) {
                sessions = new Sessions(random.nextInt(1, 80), shard.now);
            }
            int who = random.nextInt(READERS);
            Reader reader = readers.get(who);
            String session = "session-" + who;
            boolean reports = random.nextInt(12) > 0;
            if (random.nextInt(6) == 0) {
                if (remembers) {
                    sessions.writes(session, "s0", WINDOW, shard.now);
                }
                // Whoever goes where the router said writes there or nowhere.
                int write = router.term() == shard.end().timeline() ? shard.write() : -1;
                if (write >= 0) {
                    reader.wrote.add(write);
                    if (reports && remembers) {
                        sessions.wrote(session, "s0", shard.end(), WINDOW, shard.now);
                    }
                }
                continue;
            }
            ReadDemand demand = remembers
                    ? sessions.demand(Consistency.CAUSAL, session, "s0", router.term(), WINDOW, shard.now)
                    : ReadDemand.NOTHING;
            Integer server = router.choose(demand);
            // A client that is sent to a primary takes none but a primary: to connect it names the session's
            // attributes.
            boolean refused = server != null && !router.isReplica(server) && !shard.isPrimary(server);
            Set<Integer> seen = server == null || refused ? null : shard.read(server);
            if (server != null && seen != null) {
                reads++;
                fromReplicas += router.isReplica(server) ? 1 : 0;
                check(reader, seen, violations);
                reader.saw.addAll(seen);
                if (remembers) {
                    String instance = router.isReplica(server) ? "r" + server : null;
                    sessions.reads(session, "s0", instance, router.term(), WINDOW, shard.now);
                    if (reports) {
                        sessions.read(session, "s0", shard.position(server), WINDOW, shard.now);
                    }
                }
            }
        }
        return new Count(violations, fromReplicas, reads);
    }

    private static void check(Reader reader, Set<Integer> seen, Map<Consistency, Integer> violations) {
        if (!seen.containsAll(reader.wrote)) {
            violations.merge(Consistency.READ_YOUR_WRITES, 1, Integer::sum);
        }
        if (!seen.containsAll(reader.saw)) {
            violations.merge(Consistency.MONOTONIC, 1, Integer::sum);
        }
        Set<Integer> all = new HashSet<>(reader.saw);
        all.addAll(reader.wrote);
        if (!seen.containsAll(all)) {
            violations.merge(Consistency.CAUSAL, 1, Integer::sum);
        }
    }

    private static List<Reader> readers() {
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(new Reader());
        }
        return readers;
    }

    /** Knows what was seen some time ago, and never goes back. */
    private static final class Router {
        private final ModelShard shard;
        private final Random random;
        private final ReplicaChoice policy;
        private final List<ModelShard.Sighting> onTheirWay = new ArrayList<>();
        private ModelShard.Sighting known;
        private List<ReplicaState> replicas = List.of();
        /** What clients saw and have not reported yet. */
        private final List<Seen> seen = new ArrayList<>();

        private record Seen(String instance, LogPosition position) {}

        Router(ModelShard shard, Random random, ReplicaChoice policy) {
            this.shard = shard;
            this.random = random;
            this.policy = policy;
            this.known = shard.look();
        }

        void seen(int server) {
            seen.add(new Seen("r" + server, shard.position(server)));
        }

        private void report(Seen report) {
            if (report.position().timeline() == term()) {
                replicas.stream()
                        .filter(replica -> replica.server().instance().equals(report.instance()))
                        .forEach(replica -> replica.saw(report.position(), shard.now));
            }
        }

        void hear() {
            while (!seen.isEmpty() && random.nextBoolean()) {
                report(seen.remove(random.nextInt(seen.size())));
            }
            onTheirWay.add(shard.look());
            if (random.nextInt(6) == 0) {
                int heard = random.nextInt(onTheirWay.size());
                ModelShard.Sighting next = onTheirWay.get(heard);
                onTheirWay.subList(0, heard + 1).clear();
                Map<String, ReplicaState> before = new HashMap<>();
                boolean sameTerm = known.topology().term() == next.topology().term();
                replicas.forEach(replica ->
                        before.put(replica.server().instance(), sameTerm ? replica : replica.inAnotherTerm()));
                known = next;
                List<ReplicaState> states = new ArrayList<>();
                for (Replica replica : next.topology().replicas()) {
                    states.add(ReplicaState.of(
                            replica,
                            next.topology().written(),
                            before.get(replica.server().instance()),
                            shard.now));
                }
                replicas = states;
            }
        }

        long term() {
            return known.topology().term();
        }

        private int primary() {
            return ModelShard.number(requireNonNull(known.topology().primary()).instance());
        }

        boolean isReplica(int server) {
            return server != primary();
        }

        /** Null when there is none to name. */
        @Nullable
        Integer choose(ReadDemand demand) {
            ReadChoice.Choice choice = ReadChoice.choose(
                    replicas,
                    term(),
                    policy,
                    demand,
                    TimeUnit.NANOSECONDS.toMillis(shard.now - known.at()) + 1,
                    shard.now,
                    random);
            if (choice.reason() == null) {
                return ModelShard.number(replicas.get(choice.replica()).server().instance());
            }
            return choice.reason() == Reason.TERM_AHEAD ? null : Integer.valueOf(primary());
        }
    }

    @Test
    void aPositionOfAnEarlierTermIsFoundInTheLogOfALaterOne() {
        ReplicaState replica = state(3, 500);
        assertThat(replica.has(at(3, 500))).isTrue();
        assertThat(replica.has(at(3, 501))).isFalse();
        assertThat(replica.has(at(2, 500))).isTrue();
        assertThat(replica.has(at(2, 501))).isFalse();
        assertThat(replica.has(at(4, 1))).isFalse();
    }

    private static ReplicaState state(long term, long offset) {
        return ReplicaState.of(new Replica(new Server("r1", "host", 5432), 0L, at(term, offset), 0L), null, null, 0);
    }

    private static LogPosition at(long term, long offset) {
        return new LogPosition(term, new Lsn(offset));
    }
}
