package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;
import io.vertx.core.buffer.Buffer;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers a batch: for each key, in order, its shard or its problem, and once for each shard that occurs its answer. A
 * client groups its rows by shard from it, and ten thousand keys do not repeat the same servers ten thousand times.
 */
final class BatchAnswer {
    private final Lookups lookups;

    BatchAnswer(Lookups lookups) {
        this.lookups = lookups;
    }

    /** @throws ProblemException for what concerns all keys; a key that is wrong by itself gets its own problem */
    Buffer to(BatchRequest request) throws ProblemException {
        RoutingTable table = lookups.table();
        TableRoute route = lookups.route(table, request.tableName(), request.intent());
        Buffer results = Buffer.buffer();
        Map<String, Buffer> served = new LinkedHashMap<>();
        Map<String, byte[]> unavailable = new LinkedHashMap<>();
        for (BatchKey key : request.keys()) {
            if (results.length() > 0) {
                results.appendByte((byte) ',');
            }
            try {
                switch (answer(table, route, key, request)) {
                    case Answer.Served answer -> {
                        served.putIfAbsent(answer.shard(), answer.body());
                        results.appendString("{\"shard\":").appendBytes(Json.write(answer.shard()));
                    }
                    case Answer.Unavailable answer ->
                        results.appendString("{\"shard\":")
                                .appendBytes(Json.write(answer.shard()))
                                .appendString(",\"problem\":")
                                .appendBytes(
                                        unavailable.computeIfAbsent(answer.shard(), shard -> Problem.unavailable(answer)
                                                .json()));
                }
            } catch (ProblemException e) {
                results.appendString("{\"problem\":").appendBytes(e.problem().json());
            }
            results.appendByte((byte) '}');
        }
        return body(table, request, served, results);
    }

    private Answer answer(RoutingTable table, TableRoute route, BatchKey key, BatchRequest request)
            throws ProblemException {
        Answer answer =
                switch (route) {
                    case TableRoute.Reference reference -> lookups.reference(table, reference, request.intent());
                    case TableRoute.Sharded sharded ->
                        lookups.sharded(table, sharded, key.texts(sharded, request.intent()), request.intent());
                };
        return Lookups.counted(answer, route, request.intent());
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
