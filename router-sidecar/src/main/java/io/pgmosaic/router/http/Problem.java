package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.consistency.TokenException;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A problem document, RFC 9457.
 *
 * @param detail what is wrong with this request and what to do
 * @param extensions further members, such as the known tables
 * @param retryAfterSeconds when to ask again; 0 when that would not help
 */
record Problem(ProblemType type, String detail, Map<String, Object> extensions, int retryAfterSeconds) {
    /** How long a client should wait before it asks again for a shard, in seconds: a failover takes a few. */
    static final int RETRY_AFTER_SECONDS = 1;

    private static final int MAX_QUOTED = 80;
    private static final int MAX_DETAIL = 500;

    Problem {
        extensions = new LinkedHashMap<>(extensions);
        detail = detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL) + "...";
    }

    Problem(ProblemType type, String detail, Map<String, Object> extensions) {
        this(type, detail, extensions, type.status() == 503 ? RETRY_AFTER_SECONDS : 0);
    }

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of());
    }

    static Problem invalidRequest(String detail) {
        return of(ProblemType.INVALID_REQUEST, detail);
    }

    static Problem noTopology() {
        return of(
                ProblemType.NO_TOPOLOGY,
                "the router has received no topology from the operator yet and has none on disk; ask again, and see its"
                        + " log when this lasts");
    }

    static Problem unknownTable(String name, RoutingTable table) {
        return new Problem(
                ProblemType.UNKNOWN_TABLE,
                "table " + quoted(name) + " is neither sharded nor a reference table of this cluster; name one of"
                        + " 'tables', or add it to the ShardedCluster's sharding rules",
                Map.of("tables", table.tables().stream().map(TableRoute::name).toList()));
    }

    static Problem referenceTable(String name, RoutingTable table) {
        return new Problem(
                ProblemType.REFERENCE_TABLE,
                "every shard holds " + name
                        + ": write it on each of 'shards' (GET /v1/shards tells their servers), or ask"
                        + " with intent=read",
                Map.of(
                        "shards",
                        table.shards().stream()
                                .map(shard -> shard.topology().shard())
                                .toList()));
    }

    static Problem unavailable(Answer.Unavailable answer) {
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("shard", answer.shard());
        extensions.put("term", answer.term());
        extensions.put("reason", answer.reason());
        return new Problem(
                ProblemType.SHARD_UNAVAILABLE,
                "shard " + answer.shard() + " has no server for a "
                        + answer.intent().text() + " now: " + answer.reason()
                        + "; ask again after the time in Retry-After",
                extensions);
    }

    static Problem unmet(Answer.Unmet answer) {
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("shard", answer.shard());
        extensions.put("term", answer.term());
        extensions.put("reason", answer.reason());
        return new Problem(
                ProblemType.GUARANTEE_UNMET,
                "shard " + answer.shard() + " has no server that may serve this read with consistency="
                        + answer.consistency().text() + " now: " + answer.reason()
                        + "; ask again, wait longer, or leave out otherwise=wait",
                extensions);
    }

    static Problem of(TokenException e) {
        ProblemType type =
                switch (e.fault()) {
                    case MALFORMED -> ProblemType.TOKEN_MALFORMED;
                    case TOO_LARGE -> ProblemType.TOKEN_TOO_LARGE;
                    case OF_ANOTHER_CLUSTER -> ProblemType.TOKEN_OF_ANOTHER_CLUSTER;
                    case UNKNOWN_KEY -> ProblemType.TOKEN_KEY_UNKNOWN;
                    case FORGED -> ProblemType.TOKEN_FORGED;
                    case EXPIRED -> ProblemType.TOKEN_EXPIRED;
                    case UNKNOWN_SHARD -> ProblemType.TOKEN_SHARD_UNKNOWN;
                    case NO_KEYS -> ProblemType.NO_TOKEN_KEYS;
                };
        return of(type, String.valueOf(e.getMessage()));
    }

    /** A client's text, for a detail: shortened; escaping is JSON's. */
    static String quoted(String text) {
        return text.length() <= MAX_QUOTED ? "'" + text + "'" : "'" + text.substring(0, MAX_QUOTED) + "...'";
    }

    /** The members in the order in which they are written. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", type.uri());
        members.put("title", type.title());
        members.put("status", type.status());
        members.put("detail", detail);
        members.putAll(extensions);
        return members;
    }

    byte[] json() {
        return Json.write(members());
    }
}
