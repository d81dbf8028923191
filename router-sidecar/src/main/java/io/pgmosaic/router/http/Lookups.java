package io.pgmosaic.router.http;

import io.pgmosaic.router.consistency.Consistency;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.Outcome;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.topology.TopologyView;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.RowRange;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Finds answers in the table of the moment, and counts what came of it; what is refused is counted at once. */
final class Lookups {
    private final TopologyView view;
    private final LookupMetrics metrics;

    Lookups(TopologyView view, LookupMetrics metrics) {
        this.view = view;
        this.metrics = metrics;
    }

    /** @throws ProblemException while no topology is known */
    RoutingTable table() throws ProblemException {
        @Nullable RoutingTable table = view.table();
        if (table == null) {
            throw new ProblemException(Problem.noTopology());
        }
        return table;
    }

    /** A client says that a server of the shard is not what it was named for. */
    void doubt(String shard) {
        view.doubt(shard);
    }

    /** @throws ProblemException when the topology does not know it */
    TableRoute route(RoutingTable table, String name, Intent intent) throws ProblemException {
        @Nullable TableRoute route = table.table(name);
        if (route == null) {
            metrics.unknownTable().of(intent, Outcome.REFUSED).increment();
            throw new ProblemException(Problem.unknownTable(name, table));
        }
        return route;
    }

    /**
     * A shard that holds the table.
     *
     * @throws ProblemException when it is no read, since a write concerns every shard
     */
    ShardAnswers reference(
            RoutingTable table, TableRoute.Reference route, Intent intent, @Nullable ReadGuarantee guarantee)
            throws ProblemException {
        if (intent == Intent.WRITE) {
            route.counters().of(intent, Outcome.REFUSED).increment();
            throw new ProblemException(Problem.referenceTable(route.name(), table));
        }
        return guarantee == null
                        || guarantee.consistency() == Consistency.EVENTUAL
                        || guarantee.consistency() == Consistency.BOUNDED
                ? table.nearest()
                : table.first();
    }

    /** @throws ProblemException when the texts are no key of the table */
    static RowKey key(TableRoute.Sharded route, List<@Nullable String> texts, Intent intent) throws ProblemException {
        // PostgreSQL can store an empty text; as a sharding key it is a client's mistake far more often than meant.
        if (texts.contains("")) {
            throw refused(route, intent, "a key value is empty");
        }
        try {
            return route.key().parse(texts);
        } catch (InvalidKeyException e) {
            throw refused(route, intent, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The shard that has the key.
     *
     * @throws ProblemException when none has
     */
    static ShardAnswers sharded(RoutingTable table, TableRoute.Sharded route, RowKey key, Intent intent)
            throws ProblemException {
        try {
            return table.owner(route, key);
        } catch (UnplacedKeyException e) {
            throw refused(route, intent, ProblemType.UNPLACED_KEY, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Where rows of a range may be.
     *
     * @throws ProblemException when there is no such range
     */
    static PlacesDocument places(RoutingTable table, TableRoute.Sharded route, PlacesQuery query)
            throws ProblemException {
        if (route.map().hasDirectory()) {
            throw refused(
                    route,
                    Intent.READ,
                    "table " + route.name()
                            + " has a directory, which can have any key on any shard: ask all shards, or look"
                            + " single keys up");
        }
        RowRange rows = query.rows(route);
        try {
            return PlacesDocument.of(
                    table, route.name(), route.map().isOrdered(), route.map().extentsOf(rows));
        } catch (UnplacedKeyException e) {
            throw refused(route, Intent.READ, ProblemType.UNPLACED_KEY, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The shard that has a key and those that follow it.
     *
     * @throws ProblemException when none has, when it is not placed by a ring, or when there are not so many
     */
    static OwnersDocument owners(RoutingTable table, TableRoute.Sharded route, OwnersQuery query)
            throws ProblemException {
        if (route.map().hasDirectory()) {
            throw refused(
                    route,
                    Intent.READ,
                    "table " + route.name()
                            + " has a directory, which can have any key on any shard: no others follow its owner");
        }
        RowKey key = key(route, query.keyOf(route), Intent.READ);
        try {
            return OwnersDocument.of(table, route, key, query);
        } catch (UnplacedKeyException e) {
            throw refused(route, Intent.READ, ProblemType.UNPLACED_KEY, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw refused(route, Intent.READ, ProblemType.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** Counts a request for {@code route} that is no lookup, and makes its problem. */
    static ProblemException refused(TableRoute route, Intent intent, String detail) {
        return refused(route, intent, ProblemType.INVALID_KEY, detail);
    }

    private static ProblemException refused(TableRoute route, Intent intent, ProblemType type, String detail) {
        route.counters().of(intent, Outcome.REFUSED).increment();
        return new ProblemException(Problem.of(type, detail));
    }

    /** Counts what a client is told; a lookup that waits counts when it is answered. */
    static Answer counted(Answer answer, TableRoute route, Intent intent) {
        switch (answer) {
            case Answer.Served served -> {
                served.count().increment();
                route.counters().of(intent, Outcome.ANSWERED).increment();
            }
            case Answer.Unmet unmet ->
                route.counters().of(intent, Outcome.UNAVAILABLE).increment();
            case Answer.Unavailable unavailable ->
                route.counters().of(intent, Outcome.UNAVAILABLE).increment();
        }
        return answer;
    }
}
