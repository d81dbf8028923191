package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.load.PoolState;
import io.pgmosaic.router.load.Pools;
import io.pgmosaic.router.load.StatementOutcome;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.ShardMetrics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Takes what clients report of their statements, which go past the router. */
final class OutcomesApi {
    private final Lookups lookups;
    private final LookupMetrics requests;
    private final ShardMetrics metrics;
    private final Pools pools;

    OutcomesApi(Lookups lookups, LookupMetrics requests, ShardMetrics metrics, Pools pools) {
        this.lookups = lookups;
        this.requests = requests;
        this.metrics = metrics;
        this.pools = pools;
    }

    /**
     * The answer.
     *
     * @param taken entries that were
     * @param unknownShards shards of entries that were not, since the topology has no such shard now
     */
    record Taken(int taken, Set<String> unknownShards) {
        Taken {
            unknownShards = new TreeSet<>(unknownShards);
        }
    }

    void answer(HttpServerRequest request) {
        RequestBody.read(
                request,
                OutcomeReport.MAX_BYTES,
                body -> {
                    try {
                        Taken taken = take(OutcomeReport.parse(body), lookups.table());
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

    /** A shard that is gone since the client heard of it is no reason to refuse the rest. */
    private Taken take(OutcomeReport report, RoutingTable table) {
        Set<String> known = table.shardNames();
        Set<String> unknown = new TreeSet<>();
        int taken = 0;
        for (StatementOutcome outcome : report.outcomes()) {
            if (!known.contains(outcome.shard())) {
                unknown.add(outcome.shard());
                continue;
            }
            taken++;
            metrics.report(outcome);
            if (report.routedByClient()) {
                requests.shard(outcome.shard()).of(outcome.intent()).add(outcome.count());
            }
        }
        report.scatters().forEach(metrics::scattered);
        if (!report.pools().isEmpty()) {
            Map<String, PoolState> byShard = new HashMap<>(report.pools());
            unknown.addAll(byShard.keySet());
            byShard.keySet().retainAll(known);
            unknown.removeAll(known);
            byShard.keySet().forEach(metrics::watch);
            pools.report(report.client(), byShard);
            taken += byShard.size();
        }
        return new Taken(taken + report.scatters().size(), unknown);
    }
}
