package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.metrics.ProbeMetrics;
import io.pgmosaic.router.topology.KnownTopology;
import io.pgmosaic.router.topology.TopologyReceiver;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * While no operator is heard, asks the servers of each shard from time to time, and has what follows applied. Confined to one event
 * loop. A server is asked one question at a time, and at most {@value #MOST_AT_ONCE} shards are asked at once.
 */
public final class Prober {
    private static final long LOOK_MILLIS = 250;
    private static final int MOST_AT_ONCE = 4;

    private final Vertx vertx;
    private final Context context;
    private final TopologyView view;
    private final TopologyReceiver receiver;
    private final ServerProbe probe;
    private final ProbeMetrics metrics;
    private final RandomGenerator random;
    private final Round.Timing timing;
    private final Map<String, Round> rounds = new HashMap<>();
    private int asking;
    private long timer;

    public Prober(
            Vertx vertx,
            TopologyView view,
            TopologyReceiver receiver,
            SqlServerProbe probe,
            ProbeMetrics metrics,
            RandomGenerator random) {
        this(vertx, view, receiver, probe, metrics, random, Round.Timing.USUAL);
    }

    Prober(
            Vertx vertx,
            TopologyView view,
            TopologyReceiver receiver,
            ServerProbe probe,
            ProbeMetrics metrics,
            RandomGenerator random,
            Round.Timing timing) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.view = view;
        this.receiver = receiver;
        this.probe = probe;
        this.metrics = metrics;
        this.random = random;
        this.timing = timing;
    }

    public void start() {
        context.runOnContext(v -> timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look()));
    }

    /** Begins no further round. */
    public void stop() {
        context.runOnContext(v -> vertx.cancelTimer(timer));
    }

    private void look() {
        long now = System.nanoTime();
        KnownTopology known = receiver.known();
        if (known == null || view.aloneMillis(now) < patience().toMillis()) {
            rounds.clear();
            metrics.probing(false);
            return;
        }
        metrics.probing(true);
        List<ShardTopology> shards = known.topology().shards();
        Set<String> names = shards.stream().map(ShardTopology::shard).collect(Collectors.toSet());
        rounds.keySet().retainAll(names);
        List<Due> due = new ArrayList<>();
        for (ShardTopology shard : shards) {
            Round round = rounds.computeIfAbsent(shard.shard(), unseen -> new Round(timing, random, now));
            if (view.wasDoubted(shard.shard())) {
                round.hurry();
            }
            if (round.isDue(now)) {
                due.add(new Due(shard, round, round.overdueNanos(now)));
            }
        }
        // The one that waits longest is first, or those at the end of the list would wait for as long as the others are
        // due again.
        due.sort(Comparator.comparingLong(Due::overdueNanos).reversed());
        due.stream().limit(Math.max(0, MOST_AT_ONCE - asking)).forEach(next -> ask(known, next.shard(), next.round()));
    }

    private record Due(ShardTopology shard, Round round, long overdueNanos) {}

    /** What stands on disk may be much older than what a stream brought. */
    private Duration patience() {
        return view.source() == TopologyView.Source.LIVE ? timing.alone() : timing.aloneAtStart();
    }

    private void ask(KnownTopology known, ShardTopology shard, Round round) {
        round.begin();
        asking++;
        Map<Server, Future<ServerAnswer>> asked = new LinkedHashMap<>();
        for (Server server : known.serversOf(shard)) {
            asked.put(server, answer(known.topology(), shard.shard(), server));
        }
        Future.join(List.copyOf(asked.values()))
                .onComplete(all -> context.runOnContext(v -> {
                    Map<Server, ServerAnswer> answers = new LinkedHashMap<>();
                    asked.forEach((server, answer) -> answers.put(server, answer.result()));
                    receiver.revise(
                            shard.shard(),
                            (now, term) -> ShardSearch.decide(now, term, answers),
                            changed -> context.runOnContext(back -> ended(shard.shard(), round, answers, changed)));
                }));
    }

    private Future<ServerAnswer> answer(ClusterTopology cluster, String shard, Server server) {
        return probe.ask(cluster, shard, server).onSuccess(answer -> metrics.answered(name(answer)));
    }

    private void ended(String shard, Round round, Map<Server, ServerAnswer> answers, boolean changed) {
        asking--;
        if (changed) {
            metrics.found();
        }
        Server primary = primaryOf(shard);
        round.end(primary != null && answers.get(primary) instanceof ServerAnswer.Primary, System.nanoTime());
    }

    private @Nullable Server primaryOf(String name) {
        KnownTopology known = receiver.known();
        return known == null
                ? null
                : known.topology().shards().stream()
                        .filter(shard -> shard.shard().equals(name) && shard.primary() != null)
                        .map(ShardTopology::primary)
                        .findFirst()
                        .orElse(null);
    }

    private static String name(ServerAnswer answer) {
        return switch (answer) {
            case ServerAnswer.Primary primary -> "primary";
            case ServerAnswer.Standby standby -> "standby";
            case ServerAnswer.None none -> "none";
            case ServerAnswer.Unclear unclear -> "unclear";
        };
    }
}
