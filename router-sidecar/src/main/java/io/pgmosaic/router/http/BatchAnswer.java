package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.consistency.CausalToken;
import io.pgmosaic.router.directory.Entry;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.ShardMetrics;
import io.pgmosaic.routing.map.RowKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Answers a batch: for each key, in order, its shard or its problem, and once for each shard that occurs its answer. A
 * client groups its rows by shard from it, and ten thousand keys do not repeat the same servers ten thousand times.
 */
final class BatchAnswer {
    private final Lookups lookups;
    private final GuaranteedReads guaranteed;
    private final Tokens tokens;
    private final Admission admission;
    private final TenantLookups tenants;
    private final ShardMetrics metrics;

    BatchAnswer(
            Lookups lookups,
            GuaranteedReads guaranteed,
            Tokens tokens,
            Admission admission,
            TenantLookups tenants,
            ShardMetrics metrics) {
        this.lookups = lookups;
        this.guaranteed = guaranteed;
        this.tokens = tokens;
        this.admission = admission;
        this.tenants = tenants;
        this.metrics = metrics;
    }

    /**
     * Answers when the shards that are asked for keys of a directory have answered.
     *
     * @param shown the token of the request; null when it shows none
     * @param priority of the request
     * @param work computes the rest of the answer
     * @throws ProblemException for what concerns all keys; a key that is wrong by itself gets its own problem
     */
    Future<Buffer> to(BatchRequest request, @Nullable String shown, int priority, LengthyWork work)
            throws ProblemException {
        RoutingTable table = lookups.table();
        TableRoute route = lookups.route(table, request.tableName(), request.intent());
        @Nullable CausalToken token = tokens.of(request.guarantee(), shown, table);
        List<Wanted> wanted = wanted(table, route, request);
        Map<RowKey, Future<Entry>> entries = entries(table, route, request, wanted);
        if (entries.values().stream().allMatch(Future::isComplete)) {
            return Future.succeededFuture(answer(table, route, request, token, priority, wanted, entries));
        }
        return Future.join(List.copyOf(entries.values()))
                .otherwiseEmpty()
                .compose(loaded -> work.compute(
                        () -> Future.succeededFuture(answer(table, route, request, token, priority, wanted, entries))));
    }

    /**
     * One entry of the batch.
     *
     * @param row null in a reference table, and where there is a problem
     * @param problem null for a key that may be looked up
     */
    private record Wanted(@Nullable RowKey row, @Nullable ProblemException problem) {}

    /** Reads and counts the keys, each time that one occurs, before a shard is asked for any. */
    private List<Wanted> wanted(RoutingTable table, TableRoute route, BatchRequest request) {
        List<Wanted> wanted = new ArrayList<>(request.keys().size());
        for (BatchKey key : request.keys()) {
            if (!(route instanceof TableRoute.Sharded sharded)) {
                wanted.add(new Wanted(null, null));
                continue;
            }
            try {
                RowKey row = Lookups.key(sharded, key.texts(sharded, request.intent()), request.intent());
                admission.admitKey(table, sharded, row.key(), request.intent());
                wanted.add(new Wanted(row, null));
            } catch (ProblemException refused) {
                wanted.add(new Wanted(null, refused));
            }
        }
        return wanted;
    }

    private Buffer answer(
            RoutingTable table,
            TableRoute route,
            BatchRequest request,
            @Nullable CausalToken token,
            int priority,
            List<Wanted> wanted,
            Map<RowKey, Future<Entry>> entries) {
        Map<String, Answer> decided = new HashMap<>();
        Buffer results = Buffer.buffer();
        Map<String, Buffer> served = new LinkedHashMap<>();
        Map<String, byte[]> unavailable = new LinkedHashMap<>();
        for (Wanted key : wanted) {
            if (results.length() > 0) {
                results.appendByte((byte) ',');
            }
            try {
                Placed placed = place(table, route, key, request, priority, entries);
                ShardAnswers shard = placed.shard();
                Answer decision =
                        decided.computeIfAbsent(shard.topology().shard(), name -> decide(table, shard, request, token));
                switch (Lookups.counted(decision, route, request.intent())) {
                    case Answer.Served answer -> {
                        served.putIfAbsent(answer.shard(), answer.body());
                        results.appendString("{\"shard\":").appendBytes(Json.write(answer.shard()));
                        if (placed.staleMillis() >= 0) {
                            results.appendString(",\"directoryAgeMs\":" + placed.staleMillis());
                        }
                    }
                    case Answer.Unavailable answer ->
                        results.appendString("{\"shard\":")
                                .appendBytes(Json.write(answer.shard()))
                                .appendString(",\"problem\":")
                                .appendBytes(
                                        unavailable.computeIfAbsent(answer.shard(), name -> Problem.unavailable(answer)
                                                .json()));
                    case Answer.Unmet answer ->
                        results.appendString("{\"shard\":")
                                .appendBytes(Json.write(answer.shard()))
                                .appendString(",\"problem\":")
                                .appendBytes(unavailable.computeIfAbsent(answer.shard(), name -> Problem.unmet(answer)
                                        .json()));
                }
            } catch (ProblemException e) {
                results.appendString("{\"problem\":").appendBytes(e.problem().json());
            }
            results.appendByte((byte) '}');
        }
        if (decided.size() > 1) {
            metrics.batchSpanned();
        }
        return body(table, request, served, results);
    }

    /** What the directory has of the keys: those that it can concern, remembered or asked for now. */
    private Map<RowKey, Future<Entry>> entries(
            RoutingTable table, TableRoute route, BatchRequest request, List<Wanted> wanted) {
        if (!(route instanceof TableRoute.Sharded sharded) || !sharded.map().hasDirectory()) {
            return Map.of();
        }
        Map<RowKey, Future<Entry>> entries = new HashMap<>();
        Set<RowKey> unknown = new LinkedHashSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            RowKey row = wanted.get(i).row();
            if (row == null || entries.containsKey(row) || unknown.contains(row)) {
                continue;
            }
            try {
                if (tenants.isByRule(table, sharded, row, request.intent())) {
                    continue;
                }
            } catch (ProblemException unplaced) {
                wanted.set(i, new Wanted(null, unplaced));
                continue;
            }
            @Nullable Entry known = tenants.remembered(table, sharded, row, request.guarantee(), request.refresh());
            if (known == null) {
                unknown.add(row);
            } else {
                entries.put(row, Future.succeededFuture(known));
            }
        }
        if (unknown.isEmpty()) {
            return entries;
        }
        List<RowKey> asked = List.copyOf(unknown);
        List<Future<Entry>> answers = tenants.load(table, sharded, asked, request.guarantee(), request.refresh());
        for (int i = 0; i < answers.size(); i++) {
            entries.put(asked.get(i), answers.get(i));
        }
        return entries;
    }

    /**
     * Where a key is.
     *
     * @param staleMillis as of {@link TenantLookups#staleMillis}
     */
    private record Placed(ShardAnswers shard, long staleMillis) {}

    private Placed place(
            RoutingTable table,
            TableRoute route,
            Wanted wanted,
            BatchRequest request,
            int priority,
            Map<RowKey, Future<Entry>> entries)
            throws ProblemException {
        if (wanted.problem() != null) {
            throw wanted.problem();
        }
        Placed placed =
                switch (route) {
                    case TableRoute.Reference reference ->
                        new Placed(lookups.reference(table, reference, request.intent(), request.guarantee()), -1);
                    case TableRoute.Sharded sharded -> {
                        RowKey row = Objects.requireNonNull(wanted.row(), "a key of a sharded table was read");
                        @Nullable Future<Entry> entry = entries.get(row);
                        if (entry != null && entry.failed()) {
                            throw new ProblemException(TenantLookups.problem(entry.cause()));
                        }
                        yield entry == null
                                ? new Placed(Lookups.sharded(table, sharded, row, request.intent()), -1)
                                : new Placed(
                                        tenants.shard(table, sharded, row, entry.result(), request.intent()),
                                        tenants.staleMillis(entry.result()));
                    }
                };
        admission.admitShard(table, route, placed.shard(), request.intent(), priority);
        return placed;
    }

    /** One decision for all keys of a shard: they are one read, or one write, of one session. */
    private Answer decide(RoutingTable table, ShardAnswers shard, BatchRequest request, @Nullable CausalToken token) {
        ReadGuarantee guarantee = request.guarantee();
        if (guarantee == null) {
            Answer answer = shard.answer(request.intent());
            if (request.session() != null) {
                guaranteed.writes(table, request.session(), answer);
            }
            return answer;
        }
        Answer answer = guaranteed.answer(table, shard, guarantee, token);
        guaranteed.told(table, shard, guarantee, answer);
        return answer;
    }

    private static Buffer body(RoutingTable table, BatchRequest request, Map<String, Buffer> served, Buffer results) {
        Buffer body = Buffer.buffer(results.length() + 1_024);
        body.appendString("{\"mapVersion\":" + table.topology().map().version());
        body.appendString(",\"database\":")
                .appendBytes(Json.write(table.topology().database()));
        body.appendString(",\"intent\":\"" + request.intent().text() + "\",\"shards\":[");
        boolean first = true;
        for (Buffer answer : served.values()) {
            if (!first) {
                body.appendByte((byte) ',');
            }
            first = false;
            body.appendBuffer(answer);
        }
        return body.appendString("],\"results\":[").appendBuffer(results).appendString("]}");
    }
}
