package io.pgmosaic.router.http;

import io.pgmosaic.router.consistency.Consistency;
import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.directory.DirectoryUnavailableException;
import io.pgmosaic.router.directory.Entry;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.map.RowKey;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Lookups in tables with a directory: an entry decides, and the rule where there is none. */
final class TenantLookups {
    private static final long ANY_AGE = Long.MAX_VALUE;
    private static final long NONE = -1;

    private final Directory directory;

    TenantLookups(Directory directory) {
        this.directory = directory;
    }

    /** What is known before anybody is asked. */
    sealed interface Look {}

    /** There is nothing to know: the rule decides. */
    record Rule() implements Look {}

    /** What the directory has. */
    record Known(Entry entry) implements Look {}

    /** A shard is being asked. */
    record Asking(Future<Entry> answer) implements Look {}

    static final Look RULE = new Rule();

    /**
     * Looks one key up.
     *
     * @param refresh whether what is remembered will not do
     */
    Look look(
            RoutingTable table,
            TableRoute.Sharded route,
            RowKey key,
            Intent intent,
            @Nullable ReadGuarantee guarantee,
            boolean refresh)
            throws ProblemException {
        if (isByRule(table, route, key, intent)) {
            return RULE;
        }
        long newerThan = newerThan(guarantee, refresh);
        @Nullable Entry entry = newerThan == NONE ? null : directory.remembered(table, route, key, newerThan);
        return entry != null ? new Known(entry) : new Asking(directory.load(table, route, key, newerThan != ANY_AGE));
    }

    /** What is remembered of a key; null when a shard has to be asked, or the rule decides. */
    @Nullable
    Entry remembered(
            RoutingTable table,
            TableRoute.Sharded route,
            RowKey key,
            @Nullable ReadGuarantee guarantee,
            boolean refresh) {
        long newerThan = newerThan(guarantee, refresh);
        return newerThan == NONE ? null : directory.remembered(table, route, key, newerThan);
    }

    List<Future<Entry>> load(
            RoutingTable table,
            TableRoute.Sharded route,
            List<RowKey> keys,
            @Nullable ReadGuarantee guarantee,
            boolean refresh) {
        return directory.load(table, route, keys, newerThan(guarantee, refresh) != ANY_AGE);
    }

    /** Whether no entry can concern the key: an override comes first. Where nothing places it, the rule says so. */
    boolean isByRule(RoutingTable table, TableRoute.Sharded route, RowKey key, Intent intent) throws ProblemException {
        if (!route.map().hasDirectory()) {
            return true;
        }
        Lookups.sharded(table, route, key, intent);
        return route.map().overrideOf(key) != null;
    }

    /**
     * The shard of a key whose entry is known.
     *
     * @throws ProblemException while nobody has it
     */
    ShardAnswers shard(RoutingTable table, TableRoute.Sharded route, RowKey key, Entry entry, Intent intent)
            throws ProblemException {
        if (entry.changing()) {
            throw new ProblemException(new Problem(
                    ProblemType.DIRECTORY_CHANGING,
                    "the key is being given to another shard, and nobody has it at this moment; ask again after the time"
                            + " in Retry-After",
                    Map.of("shard", route.map().ownerOf(key))));
        }
        String name = entry.shard();
        if (name == null) {
            return Lookups.sharded(table, route, key, intent);
        }
        @Nullable ShardAnswers shard = table.shard(name);
        if (shard == null) {
            throw new ProblemException(unavailable(name, "the operator has not told of this shard, which has the key"));
        }
        return shard;
    }

    /** What was found before a wait; null when a shard has to be asked anew, since the read has a bound and it took longer. */
    @Nullable
    Entry still(@Nullable Entry found, @Nullable ReadGuarantee guarantee) {
        return found == null
                        || guarantee == null
                        || guarantee.consistency() != Consistency.BOUNDED
                        || directory.isWithin(found, guarantee.maxLagMillis())
                ? found
                : null;
    }

    /** In milliseconds, of an answer that is older than it should be; -1 of any other. */
    long staleMillis(Entry entry) {
        return directory.isStale(entry) ? directory.ageMillis(entry) : -1;
    }

    static Problem problem(Throwable cause) {
        return cause instanceof DirectoryUnavailableException unavailable
                ? unavailable(unavailable.home(), String.valueOf(unavailable.getMessage()))
                : Problem.of(ProblemType.ROUTER_DEFECT, "the router failed; its log has the reason");
    }

    private static Problem unavailable(String shard, String reason) {
        return new Problem(
                ProblemType.DIRECTORY_UNAVAILABLE,
                "which shard has the key cannot be found out now, since shard " + shard + " does not tell: " + reason
                        + "; ask again after the time in Retry-After",
                Map.of("shard", shard, "reason", reason));
    }

    /** What a shard held before a change of the directory is no answer to a read that must see what came after. */
    private static long newerThan(@Nullable ReadGuarantee guarantee, boolean refresh) {
        if (refresh) {
            return NONE;
        }
        if (guarantee == null || guarantee.consistency() == Consistency.EVENTUAL) {
            return ANY_AGE;
        }
        return guarantee.consistency() == Consistency.BOUNDED ? guarantee.maxLagMillis() : NONE;
    }
}
