package io.pgmosaic.operator.plan;

import java.util.Optional;

/**
 * Decides what to do with a shard.
 *
 * <pre>
 * no data on record                        -> {@link Creation}
 * a term without a primary                 -> {@link Election}
 * the primary is lost, and an election
 *   can succeed                            -> begin one
 * otherwise                                -> {@link Upkeep}, in which {@link HandingOver} may begin an election, too
 * </pre>
 */
public final class ShardPlanner {
    private ShardPlanner() {}

    public static ShardPlan plan(ShardFacts facts) {
        ShardRecord record = facts.record();
        if (record.systemIdentifier() == null || record.primary() == null) {
            return Creation.plan(facts);
        }
        if (record.election() != null) {
            return Election.plan(facts, record.election());
        }
        Optional<Suspicion> suspicion = Suspicion.of(facts);
        if (suspicion.isPresent() && Quorum.isWithinReach(facts, record.primary())) {
            return Upkeep.failingOver(facts, suspicion.get());
        }
        return Upkeep.plan(facts, suspicion);
    }
}
