package io.pgmosaic.operator.directory;

import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.protocol.topology.DirectoryResult.Item;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a request has come, for an answer at any time. What is not begun when its time is over is not begun any more, so that
 * nothing happens later that its answer does not tell. Thread-safe.
 */
final class ChangeProgress implements HomeEntries.Between {
    private static final Item LATE = item(
            Outcome.pending("it takes longer than an answer may; an operator ends it, ask with GET what became of it"));
    private static final Item NOT_BEGUN =
            item(Outcome.busy("there was no time left to begin it; nothing was changed, ask again"));

    private final @Nullable Item[] decided;
    private final @Nullable Tenant[] tenants;
    private final Map<Tenant, Outcome> outcomes = new HashMap<>();
    private final Set<Tenant> begun = new HashSet<>();
    private boolean over;

    ChangeProgress(int entries) {
        decided = new Item[entries];
        tenants = new Tenant[entries];
    }

    /** An entry of which no shard has to be asked. */
    synchronized void decide(int entry, DirectoryResult.Outcome outcome, @Nullable String detail) {
        decided[entry] = new Item(outcome, detail);
    }

    /** An entry that is to be made. */
    synchronized void want(int entry, Tenant tenant) {
        tenants[entry] = tenant;
    }

    synchronized void came(Map<Tenant, Outcome> some) {
        outcomes.putAll(some);
    }

    /** It ends here for some keys, in the middle for those that were begun. */
    synchronized void cutOff(Collection<Tenant> some, String why) {
        for (Tenant tenant : some) {
            outcomes.putIfAbsent(
                    tenant,
                    begun.contains(tenant)
                            ? Outcome.pending("it was cut off (" + why
                                    + "); an operator ends it or undoes it, ask with GET what became of it")
                            : Outcome.busy("it could not be begun (" + why + "); nothing was changed, ask again"));
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized boolean begins(Collection<Tenant> some) {
        if (!over) {
            begun.addAll(some);
        }
        return !over;
    }

    /** As of now, when there is no more time. */
    synchronized DirectoryResult end() {
        over = true;
        List<Item> items = new ArrayList<>(decided.length);
        for (int i = 0; i < decided.length; i++) {
            Item item = decided[i];
            Tenant tenant = tenants[i];
            items.add(item != null ? item : tenant == null ? NOT_BEGUN : of(tenant));
        }
        return new DirectoryResult(items);
    }

    private Item of(Tenant tenant) {
        Outcome outcome = outcomes.get(tenant);
        return outcome != null ? item(outcome) : begun.contains(tenant) ? LATE : NOT_BEGUN;
    }

    private static Item item(Outcome outcome) {
        return new Item(
                DirectoryResult.Outcome.valueOf(outcome.state().name()),
                outcome.detail().isEmpty() ? null : outcome.detail());
    }

    @Override
    public void steps(String after) {
        // Nothing has to happen between them.
    }
}
