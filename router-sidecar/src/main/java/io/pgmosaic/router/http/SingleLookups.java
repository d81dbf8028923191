package io.pgmosaic.router.http;

import io.pgmosaic.router.consistency.CausalToken;
import io.pgmosaic.router.directory.Entry;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.topology.TopologyView;
import io.pgmosaic.routing.map.RowKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** {@code GET /v1/route}: one key, answered at once or when there is a server for it. */
final class SingleLookups {
    /** Of an answer from a directory that nobody can be asked for anew: how old it is, in milliseconds. */
    private static final String DIRECTORY_AGE = "X-Directory-Age-Ms";

    private final TopologyView view;
    private final Lookups lookups;
    private final GuaranteedReads guaranteed;
    private final Tokens tokens;
    private final Admission admission;
    private final TenantLookups tenants;
    private final WaitingLookups waiting;
    private final LookupMetrics metrics;
    private final @Nullable LookupSpans spans;
    private final BiConsumer<HttpServerRequest, Throwable> defect;

    /**
     * @param spans null where there are none
     * @param defect answers a request that failed after it waited
     */
    SingleLookups(
            TopologyView view,
            Lookups lookups,
            GuaranteedReads guaranteed,
            Tokens tokens,
            Admission admission,
            TenantLookups tenants,
            WaitingLookups waiting,
            LookupMetrics metrics,
            @Nullable LookupSpans spans,
            BiConsumer<HttpServerRequest, Throwable> defect) {
        this.view = view;
        this.lookups = lookups;
        this.guaranteed = guaranteed;
        this.tokens = tokens;
        this.admission = admission;
        this.tenants = tenants;
        this.waiting = waiting;
        this.metrics = metrics;
        this.spans = spans;
        this.defect = defect;
    }

    /** How far a lookup has come that was perhaps tried before: nothing is counted twice. */
    private enum Passed {
        NOTHING,
        /** Its key was counted. */
        KEY,
        /** Its shard admitted it, too. */
        ALL
    }

    /** What is asked for, in the table of the moment. */
    private record Wanted(
            RoutingTable table, TableRoute route, @Nullable RowKey key) {}

    /** What was found, and where. */
    private record Found(TableRoute route, ShardAnswers shard, Answer answer) {}

    void answer(HttpServerRequest request) throws ProblemException {
        long start = System.nanoTime();
        try {
            RouteQuery query = RouteQuery.parse(request.query());
            if (!attempt(request, query, start, Passed.NOTHING, null)) {
                metrics.took(System.nanoTime() - start);
            }
        } catch (ProblemException e) {
            refused(request, e, start);
            throw e;
        }
    }

    private void refused(HttpServerRequest request, ProblemException e, long start) {
        if (spans != null) {
            spans.refused(request, e.problem(), start);
        }
    }

    /**
     * Answers, or has it tried again at the next change of the topology. Returns whether the request waits or waited.
     *
     * @param start when the request came, by {@link System#nanoTime}
     * @param before how far it came when it was tried before
     * @param known what the directory has of the key; null while that was not asked for
     */
    private boolean attempt(
            HttpServerRequest request, RouteQuery query, long start, Passed before, @Nullable Entry known)
            throws ProblemException {
        boolean mayWait = query.waitMillis() > 0;
        @Nullable RoutingTable table = mayWait ? view.table() : lookups.table();
        @Nullable Entry entry = known;
        @Nullable Wanted wanted = table == null ? null : wanted(query, table);
        Passed passed = wanted == null ? before : admitted(query, wanted, before);
        if (wanted != null && entry == null) {
            switch (look(query, wanted)) {
                case TenantLookups.Rule rule -> {}
                case TenantLookups.Known found -> entry = found.entry();
                case TenantLookups.Asking asking -> {
                    whenTold(asking.answer(), request, query, start, passed);
                    return true;
                }
            }
        }
        @Nullable Entry decided = entry;
        @Nullable Found found = wanted == null ? null : find(request, query, wanted, passed, entry);
        if (found == null || !(found.answer() instanceof Answer.Served)) {
            long left = patience(query, found) - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            Passed next = found == null ? passed : Passed.ALL;
            if (left > 0
                    && waiting.await(
                            table,
                            awaited(found),
                            left,
                            () -> again(request, query, start, next, tenants.still(decided, query.guarantee())))) {
                return true;
            }
        }
        if (table == null || found == null) {
            throw new ProblemException(Problem.noTopology());
        }
        if (mayWait) {
            // Whoever waits had a connection that broke.
            lookups.doubt(found.shard().topology().shard());
        }
        if (entry != null && tenants.staleMillis(entry) >= 0) {
            request.response().putHeader(DIRECTORY_AGE, Long.toString(tenants.staleMillis(entry)));
        }
        tell(request, query, table, found);
        if (spans != null) {
            spans.answered(request, query, found.route(), found.answer(), start);
        }
        return mayWait || known != null;
    }

    private Wanted wanted(RouteQuery query, RoutingTable table) throws ProblemException {
        TableRoute route = lookups.route(table, query.tableName(), query.intent());
        return new Wanted(
                table,
                route,
                route instanceof TableRoute.Sharded sharded
                        ? Lookups.key(sharded, query.keyOf(sharded), query.intent())
                        : null);
    }

    /** Counts the key of a lookup that has not been tried yet, before a shard is asked for it. */
    private Passed admitted(RouteQuery query, Wanted wanted, Passed before) throws ProblemException {
        if (before != Passed.NOTHING || !(wanted.route() instanceof TableRoute.Sharded route) || wanted.key() == null) {
            return before;
        }
        admission.admitKey(wanted.table(), route, wanted.key().key(), query.intent());
        return Passed.KEY;
    }

    private static @Nullable ShardAnswers awaited(@Nullable Found found) {
        return found == null || found.route() instanceof TableRoute.Reference ? null : found.shard();
    }

    private TenantLookups.Look look(RouteQuery query, Wanted wanted) throws ProblemException {
        return wanted.key() != null
                        && wanted.route() instanceof TableRoute.Sharded route
                        && route.map().hasDirectory()
                ? tenants.look(wanted.table(), route, wanted.key(), query.intent(), query.guarantee(), query.refresh())
                : TenantLookups.RULE;
    }

    /** A shard that cannot be asked now may have a primary later, which is what a request that waits is waiting for. */
    private void whenTold(
            Future<Entry> answer, HttpServerRequest request, RouteQuery query, long start, Passed passed) {
        Context context = Objects.requireNonNull(Vertx.currentContext(), "requests are answered on event loops");
        answer.onComplete(told -> context.runOnContext(unused -> {
            if (told.succeeded()) {
                again(request, query, start, passed, told.result());
                return;
            }
            long left = query.waitMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (left <= 0
                    || !waiting.await(view.table(), null, left, () -> again(request, query, start, passed, null))) {
                ProblemException unknown = new ProblemException(TenantLookups.problem(told.cause()));
                refused(request, unknown, start);
                Responses.problem(request.response(), unknown.problem());
            }
        }));
    }

    private Found find(HttpServerRequest request, RouteQuery query, Wanted wanted, Passed passed, @Nullable Entry entry)
            throws ProblemException {
        RoutingTable table = wanted.table();
        TableRoute route = wanted.route();
        ReadGuarantee guarantee = query.guarantee();
        ShardAnswers shard = shard(query, wanted, entry);
        if (passed != Passed.ALL) {
            admission.admitShard(table, route, shard, query.intent(), Priorities.of(request, query.priority()));
        }
        if (guarantee == null) {
            return new Found(route, shard, shard.answer(query.intent()));
        }
        @Nullable CausalToken token = tokens.of(guarantee, Tokens.shown(request), table);
        return new Found(route, shard, guaranteed.answer(table, shard, guarantee, token));
    }

    private ShardAnswers shard(RouteQuery query, Wanted wanted, @Nullable Entry entry) throws ProblemException {
        return switch (wanted.route()) {
            case TableRoute.Sharded route -> {
                RowKey key = Objects.requireNonNull(wanted.key(), "a lookup in a sharded table has a key");
                yield entry == null
                        ? Lookups.sharded(wanted.table(), route, key, query.intent())
                        : tenants.shard(wanted.table(), route, key, entry, query.intent());
            }
            case TableRoute.Reference route ->
                lookups.reference(wanted.table(), route, query.intent(), query.guarantee());
        };
    }

    /** How long the request may wait as a whole, in milliseconds. */
    private static long patience(RouteQuery query, @Nullable Found found) {
        if (query.waitMillis() != RouteQuery.UNSAID) {
            return query.waitMillis();
        }
        return found != null && found.answer() instanceof Answer.Unmet ? ReadGuarantee.WAIT_MILLIS : 0;
    }

    private void tell(HttpServerRequest request, RouteQuery query, RoutingTable table, Found found) {
        Answer answer = Lookups.counted(found.answer(), found.route(), query.intent());
        if (query.guarantee() != null) {
            guaranteed.told(table, found.shard(), query.guarantee(), answer);
        } else if (query.session() != null) {
            guaranteed.writes(table, query.session(), answer);
        }
        switch (answer) {
            case Answer.Served served -> Responses.json(request.response(), served.body());
            case Answer.Unavailable unavailable ->
                Responses.problem(request.response(), Problem.unavailable(unavailable));
            case Answer.Unmet unmet -> Responses.problem(request.response(), Problem.unmet(unmet));
        }
    }

    private void again(HttpServerRequest request, RouteQuery query, long start, Passed before, @Nullable Entry known) {
        if (request.response().closed()) {
            return;
        }
        try {
            attempt(request, query, start, before, known);
        } catch (ProblemException e) {
            refused(request, e, start);
            Responses.problem(request.response(), e.problem());
        } catch (RuntimeException e) {
            defect.accept(request, e);
        }
    }
}
