package io.pgmosaic.router.load;

import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.router.lookup.Intent;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static io.pgmosaic.router.load.PriorityLoads.coming;
import static io.pgmosaic.router.load.PriorityLoads.evenly;
import static io.pgmosaic.router.load.PriorityLoads.mean;
import static io.pgmosaic.router.load.PriorityLoads.only;
import static io.pgmosaic.router.load.PriorityLoads.shares;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that find shards by themselves: each learns once a second, in the answer to its report, what it has to refuse, and tells in the
 * next one what it did. A shard that serves so much and no more, first come, first served.
 */
class ClientSheddingSimulationTest {
    private static final LoadShedding POLICY = new LoadShedding(50, 200);
    private static final int STEPS_PER_SECOND = 20;
    private static final long STEP = TimeUnit.SECONDS.toNanos(1) / STEPS_PER_SECOND;
    private static final int CAPACITY = 2_000;
    private static final long ALONE = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
    private static final int CLIENTS = 4;

    private record Request(Client client, int priority, long at) {}

    private record Kind(StatementResult result, long nanos, int priority) {}

    private record Second(double share, double served, List<Double> admitted) {
        Second {
            admitted = List.copyOf(admitted);
        }
    }

    /** One process: what it was told last, and what it has to report. */
    private static final class Client {
        private final Map<Kind, Integer> unreported = new HashMap<>();
        private Refusals told = Refusals.NONE;

        void ended(StatementResult result, long nanos, int priority) {
            unreported.merge(new Kind(result, nanos, priority), 1, Integer::sum);
        }

        void report(ShardGate gate, long now) {
            unreported.forEach((kind, count) -> gate.report(
                    new StatementOutcome("s0", null, Intent.READ, kind.result(), kind.nanos(), count, kind.priority()),
                    POLICY,
                    true,
                    now));
            unreported.clear();
            told = gate.refusals(now);
        }
    }

    private final List<Client> clients = new ArrayList<>();
    private final Deque<Request> queue = new ArrayDeque<>();
    private final List<Second> seconds = new ArrayList<>();
    private final ShardGate gate = new ShardGate(0);
    private long now;
    private int step;

    ClientSheddingSimulationTest() {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client());
        }
    }

    /** @param load requests in a second of each priority, as a share of what the shard can serve in all */
    private void run(Random random, int duration, double[] load) {
        for (int second = 0; second < duration; second++) {
            double[] admitted = new double[Priority.HIGHEST];
            double[] came = new double[Priority.HIGHEST];
            int served = 0;
            for (int i = 0; i < STEPS_PER_SECOND; i++) {
                now += STEP;
                step++;
                for (int place = 0; place < Priority.HIGHEST; place++) {
                    double mean = load[place] * CAPACITY / STEPS_PER_SECOND;
                    int requests = coming(random, mean);
                    for (int request = 0; request < requests; request++) {
                        came[place]++;
                        admitted[place] += sent(random, place + Priority.LOWEST) ? 1 : 0;
                    }
                }
                served += serve();
                for (int client = 0; client < CLIENTS; client++) {
                    if (step % STEPS_PER_SECOND == client * STEPS_PER_SECOND / CLIENTS) {
                        clients.get(client).report(gate, now);
                    }
                }
            }
            seconds.add(new Second(gate.share(now), served, shares(admitted, came)));
        }
    }

    private boolean sent(Random random, int priority) {
        Client client = clients.get(random.nextInt(CLIENTS));
        if (random.nextDouble() < client.told.of(priority)) {
            client.ended(StatementResult.REFUSED, 0, priority);
            return false;
        }
        queue.add(new Request(client, priority, now));
        return true;
    }

    private int serve() {
        int served = 0;
        while (!queue.isEmpty() && served < CAPACITY / STEPS_PER_SECOND) {
            Request request = queue.remove();
            long waited = now - request.at();
            if (waited >= PATIENCE) {
                request.client().ended(StatementResult.TIMEOUT, PATIENCE, request.priority());
            } else {
                request.client().ended(StatementResult.OK, waited + ALONE, request.priority());
                served++;
            }
        }
        return served;
    }

    @ParameterizedTest
    @CsvSource({"1, 1.5", "2, 2.0", "3, 4.0", "4, 1.2"})
    void theShareSettlesAtWhatTheShardCanBear(long seed, double load) {
        Random random = new Random(seed);
        run(random, 20, evenly(0.8));
        assertThat(seconds).as("seed %s", seed).allMatch(second -> second.share() == 0);
        run(random, 300, evenly(load));
        List<Second> settled = seconds.subList(120, 320);
        assertThat(mean(settled, Second::share)).as("seed %s", seed).isCloseTo(1 - 1 / load, Offset.offset(0.12));
        assertThat(mean(settled, Second::served)).as("seed %s", seed).isGreaterThan(0.85 * CAPACITY);
        for (int priority = 11 - (int) Math.floor(10 / load * 0.7); priority <= Priority.HIGHEST; priority++) {
            int place = priority - Priority.LOWEST;
            assertThat(mean(settled, second -> second.admitted().get(place)))
                    .as("seed %s, priority %s", seed, priority)
                    .isGreaterThan(0.9);
        }
        assertThat(mean(settled, second -> second.admitted().get(0)))
                .as("seed %s", seed)
                .isLessThan(0.5);
        run(random, 60, evenly(0.6));
        assertThat(seconds.subList(360, 380))
                .as("seed %s: nothing is refused any more", seed)
                .allMatch(second -> second.share() == 0);
    }

    @ParameterizedTest
    @CsvSource({"5, 5, 2.0", "6, 1, 3.0", "7, 10, 1.5"})
    void theShareSettlesWhereAllMatterAlike(long seed, int priority, double load) {
        run(new Random(seed), 300, only(priority, load));
        List<Second> settled = seconds.subList(100, 300);
        assertThat(mean(settled, second -> second.admitted().get(priority - Priority.LOWEST)))
                .as("seed %s", seed)
                .isCloseTo(1 / load, Offset.offset(0.12));
        assertThat(mean(settled, Second::served)).as("seed %s", seed).isGreaterThan(0.85 * CAPACITY);
    }
}
