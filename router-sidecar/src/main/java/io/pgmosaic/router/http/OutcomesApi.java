package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.router.load.PoolState;
import io.pgmosaic.router.load.StatementOutcome;
import io.pgmosaic.router.load.StatementResult;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Takes what clients report of their statements, which go past the router. */
final class OutcomesApi {
    private final Lookups lookups;
    private final LookupMetrics requests;
    private final RouterApi.Traffic traffic;
    private final @Nullable LookupSpans spans;
    private final LongSupplier nanos;

    /**
     * @param spans null where there are none
     * @param nanos as {@link System#nanoTime}
     */
    OutcomesApi(
            Lookups lookups,
            LookupMetrics requests,
            RouterApi.Traffic traffic,
            @Nullable LookupSpans spans,
            LongSupplier nanos) {
        this.lookups = lookups;
        this.requests = requests;
        this.traffic = traffic;
        this.spans = spans;
        this.nanos = nanos;
    }

    /**
     * The answer.
     *
     * @param taken entries that were
     * @param unknownShards shards of entries that were not, since the topology has no such shard now
     * @param refused for each shard that has too much to do, with which probability the router refuses lookups of priority 1, 2
     *     and so on to 10; a client that makes no lookups does the same by itself, and reports what it refused
     */
    record Taken(int taken, Set<String> unknownShards, Map<String, List<Double>> refused) {
        Taken {
            refused = new TreeMap<>(refused);
            unknownShards = new TreeSet<>(unknownShards);
        }
    }

    void answer(HttpServerRequest request) {
        RequestBody.read(
                request,
                OutcomeReport.MAX_BYTES,
                body -> {
                    try {
                        Taken taken = take(request, OutcomeReport.parse(body), lookups.table());
                        Responses.json(request.response(), Buffer.buffer(Json.write(taken)));
                    } catch (ProblemException e) {
                        Responses.problem(request.response(), e.problem());
                    }
                },
                () -> Responses.problem(
                        request.response(),
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "the body is larger than " + OutcomeReport.MAX_BYTES + " bytes; report more often")));
    }

    /** The choice among replicas goes by it, too. */
    private static void tellReplica(StatementOutcome outcome, RoutingTable table, long now) {
        @Nullable ShardAnswers shard = table.shard(outcome.shard());
        boolean served = outcome.result() == StatementResult.OK || outcome.result() == StatementResult.TIMEOUT;
        if (shard != null && outcome.server() != null && served) {
            shard.guaranteed().loadOf(outcome.server()).took(outcome.nanos(), now);
        }
    }

    /** A shard that is gone since the client heard of it is no reason to refuse the rest. */
    private Taken take(HttpServerRequest request, OutcomeReport report, RoutingTable table) {
        Set<String> known = table.shardNames();
        Set<String> unknown = new TreeSet<>();
        int taken = 0;
        @Nullable LoadShedding policy = table.topology().routing().loadShedding();
        long now = nanos.getAsLong();
        for (StatementOutcome outcome : report.outcomes()) {
            if (!known.contains(outcome.shard())) {
                unknown.add(outcome.shard());
                continue;
            }
            taken++;
            tellReplica(outcome, table, now);
            traffic.shards().report(outcome);
            traffic.shedder().report(outcome, policy, report.routedByClient(), now);
            if (outcome.result() == StatementResult.REFUSED) {
                continue;
            }
            if (outcome.result() != StatementResult.OK) {
                lookups.doubt(outcome.shard());
            }
            if (report.routedByClient()) {
                boolean near = table.isNear(outcome.shard(), outcome.server());
                requests.shard(outcome.shard()).of(outcome.intent(), near).add(outcome.count());
            }
        }
        for (OutcomeReport.Scattered scattered : report.scatters()) {
            traffic.shards().scattered(scattered.shards());
            if (spans != null) {
                spans.reported(request, scattered);
            }
        }
        if (!report.pools().isEmpty()) {
            Map<String, PoolState> byShard = new HashMap<>(report.pools());
            unknown.addAll(byShard.keySet());
            byShard.keySet().retainAll(known);
            unknown.removeAll(known);
            byShard.keySet().forEach(traffic.shards()::watch);
            traffic.pools().report(report.client(), byShard);
            taken += byShard.size();
        }
        Map<String, List<Double>> refused = new TreeMap<>();
        if (policy != null) {
            traffic.shedder().refusals(now).forEach((shard, refusals) -> refused.put(shard, refusals.byPriority()));
            refused.keySet().retainAll(known);
        }
        return new Taken(taken + report.scatters().size(), unknown, refused);
    }
}
