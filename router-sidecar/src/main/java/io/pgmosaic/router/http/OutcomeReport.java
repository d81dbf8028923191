package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.router.load.PoolState;
import io.pgmosaic.router.load.Priority;
import io.pgmosaic.router.load.StatementOutcome;
import io.pgmosaic.router.load.StatementResult;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The body of {@code POST /v1/outcomes}.
 *
 * @param client which of several processes beside the router reports
 * @param routedByClient whether the client finds shards by itself, so that no lookup counted these statements
 * @param scatters queries that went to several shards
 */
record OutcomeReport(
        String client,
        boolean routedByClient,
        List<StatementOutcome> outcomes,
        Map<String, PoolState> pools,
        List<Scattered> scatters) {
    /** Larger than a client's report of a second; it is read on the event loop. */
    static final int MAX_BYTES = 128 << 10;

    private static final int MOST_ENTRIES = 1_000;
    private static final int MOST_STATEMENTS = 10_000;
    private static final int LONGEST_NAME = 128;
    private static final double LONGEST_MILLIS = 86_400_000;
    private static final String FORM =
            "the body is {\"outcomes\": [{\"shard\": \"...\", \"intent\": \"read\" or \"write\","
                    + " \"outcome\": \"ok\", \"error\", \"timeout\" or \"refused\", \"durationMillis\": ...}, ...]};"
                    + " see GET /openapi.yaml";

    OutcomeReport {
        outcomes = List.copyOf(outcomes);
        pools = Map.copyOf(pools);
        scatters = List.copyOf(scatters);
    }

    private record Body(
            @Nullable String client,
            @Nullable String routedBy,
            @Nullable List<@Nullable Outcome> outcomes,
            @Nullable List<@Nullable Pool> pools,
            @Nullable List<@Nullable Scatter> scatters) {}

    private record Outcome(
            @Nullable String shard,
            @Nullable String server,
            @Nullable String intent,
            @Nullable String outcome,
            @Nullable Double durationMillis,
            @Nullable Integer count,
            @Nullable Integer priority) {}

    private record Pool(
            @Nullable String shard,
            @Nullable Integer active,
            @Nullable Integer idle,
            @Nullable Integer waiting) {}

    private record Scatter(
            @Nullable Integer shards,
            @Nullable Double durationMillis,
            @Nullable Long rows) {}

    /**
     * A query that went to several shards.
     *
     * @param nanos how long it took; 0 when the client does not say
     * @param rows in all; null when the client does not say
     */
    record Scattered(int shards, long nanos, @Nullable Long rows) {}

    /** @throws ProblemException when it is not of that form, or says more than one report may */
    static OutcomeReport parse(byte[] json) throws ProblemException {
        Body body;
        try {
            body = Json.read(json, Body.class);
        } catch (MalformedJsonException e) {
            throw invalid(FORM);
        }
        boolean routedByClient = routedByClient(body.routedBy());
        List<StatementOutcome> outcomes = new ArrayList<>();
        int statements = 0;
        for (Outcome outcome : entries(body.outcomes(), "outcomes")) {
            StatementOutcome read = outcome(outcome, routedByClient);
            statements += read.count();
            outcomes.add(read);
        }
        if (statements > MOST_STATEMENTS) {
            throw invalid("the counts add up to more than " + MOST_STATEMENTS + "; report more often");
        }
        Map<String, PoolState> pools = new HashMap<>();
        for (Pool pool : entries(body.pools(), "pools")) {
            pools.put(
                    name("shard", pool.shard()),
                    new PoolState(connections(pool.active()), connections(pool.idle()), connections(pool.waiting())));
        }
        List<Scattered> scatters = new ArrayList<>();
        for (Scatter scatter : entries(body.scatters(), "scatters")) {
            scatters.add(scattered(scatter));
        }
        String client = body.client() == null ? "" : name("client", body.client());
        return new OutcomeReport(client, routedByClient, outcomes, pools, scatters);
    }

    private static StatementOutcome outcome(Outcome outcome, boolean routedByClient) throws ProblemException {
        String intent = outcome.intent();
        Double millis = outcome.durationMillis();
        StatementResult result = result(outcome.outcome());
        boolean refused = result == StatementResult.REFUSED;
        if (intent == null || (millis == null && !refused)) {
            throw invalid(FORM);
        }
        if (refused && !routedByClient) {
            throw invalid(
                    "outcome refused is for reports with routedBy client: the router knows which lookups it refused");
        }
        return new StatementOutcome(
                name("shard", outcome.shard()),
                outcome.server() == null ? null : name("server", outcome.server()),
                RouteQuery.intent(intent),
                result,
                millis == null || refused ? 0 : nanos(millis),
                between("count", outcome.count(), 1, 1, MOST_STATEMENTS),
                between("priority", outcome.priority(), Priority.DEFAULT, Priority.LOWEST, Priority.HIGHEST));
    }

    private static Scattered scattered(Scatter scatter) throws ProblemException {
        Double millis = scatter.durationMillis();
        Long rows = scatter.rows();
        if (rows != null && rows < 0) {
            throw invalid("rows is a whole number from 0");
        }
        return new Scattered(
                between("shards", scatter.shards(), null, 1, MOST_STATEMENTS),
                millis == null ? 0 : nanos(millis),
                rows);
    }

    private static long nanos(double millis) throws ProblemException {
        if (!(millis >= 0 && millis <= LONGEST_MILLIS)) {
            throw invalid("durationMillis is a number from 0 to a day");
        }
        return (long) (millis * TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static StatementResult result(@Nullable String text) throws ProblemException {
        for (StatementResult result : StatementResult.values()) {
            if (result.text().equals(text)) {
                return result;
            }
        }
        throw invalid("outcome is ok, error, timeout or refused");
    }

    private static boolean routedByClient(@Nullable String text) throws ProblemException {
        if (text == null || text.equals("router")) {
            return false;
        }
        if (text.equals("client")) {
            return true;
        }
        throw invalid("routedBy is router or client, not " + Problem.quoted(text));
    }

    private static int connections(@Nullable Integer number) throws ProblemException {
        return between("a number of connections", number, 0, 0, 1_000_000);
    }

    private static int between(String what, @Nullable Integer number, @Nullable Integer fallback, int least, int most)
            throws ProblemException {
        Integer meant = number == null ? fallback : number;
        if (meant == null || meant < least || meant > most) {
            throw invalid(what + " is a whole number from " + least + " to " + most);
        }
        return meant;
    }

    private static String name(String what, @Nullable String text) throws ProblemException {
        if (text == null || text.isEmpty() || text.length() > LONGEST_NAME) {
            throw invalid(what + " is a name of 1 to " + LONGEST_NAME + " characters");
        }
        return text;
    }

    private static <T> List<T> entries(@Nullable List<@Nullable T> entries, String name) throws ProblemException {
        if (entries == null) {
            return List.of();
        }
        if (entries.size() > MOST_ENTRIES) {
            throw invalid(name + " has more than " + MOST_ENTRIES + " entries; send several reports");
        }
        List<T> present = new ArrayList<>(entries.size());
        for (@Nullable T entry : entries) {
            if (entry == null) {
                throw invalid(FORM);
            }
            present.add(entry);
        }
        return present;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(detail));
    }
}
