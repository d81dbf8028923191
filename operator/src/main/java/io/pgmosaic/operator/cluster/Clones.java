package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.CloneState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.operator.plan.CloneFacts;
import io.pgmosaic.operator.plan.CloneFacts.Origin;
import io.pgmosaic.operator.plan.ShardFacts;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells each shard what it has to do with those that begin with another one's data. Pure. */
final class Clones {
    private Clones() {}

    /**
     * @param states every recorded shard; one that is leaving keeps its slot until it is gone, since nobody drops a slot that is in use
     * @param facts of those that stay
     */
    static List<ShardFacts> tell(List<ShardState> states, List<ShardFacts> facts) {
        List<ShardFacts> withSlots = facts.stream()
                .map(shard -> shard.withClones(
                        new CloneFacts(null, slots(shard.record().shard(), states))))
                .toList();
        Map<String, ShardFacts> byName = withSlots.stream()
                .collect(Collectors.toMap(shard -> shard.record().shard(), Function.identity()));
        Map<String, CloneState> following =
                states.stream().filter(Clones::follows).collect(Collectors.toMap(ShardState::name, Clones::clone));
        List<ShardFacts> told = new ArrayList<>();
        for (ShardFacts shard : withSlots) {
            String name = shard.record().shard();
            CloneState clone = following.get(name);
            told.add(
                    clone == null
                            ? shard
                            : shard.withClones(new CloneFacts(
                                    origin(byName.get(clone.source()), name, clone),
                                    shard.clones().slots())));
        }
        return told;
    }

    private static List<String> slots(String source, List<ShardState> states) {
        return states.stream()
                .filter(state -> follows(state) && clone(state).source().equals(source))
                .map(state -> CloneFacts.slot(state.name()))
                .toList();
    }

    /** It has no primary of its own yet. */
    private static boolean follows(ShardState state) {
        return state.clonedFrom() != null && state.primary() == null;
    }

    private static CloneState clone(ShardState state) {
        CloneState clone = state.clonedFrom();
        if (clone == null) {
            throw new IllegalArgumentException("shard " + state.name() + " begins empty");
        }
        return clone;
    }

    private static Origin origin(@Nullable ShardFacts source, String clone, CloneState state) {
        return source == null
                ? new Origin(state.source(), 0, null, null, null, CloneFacts.slot(clone), state.cut())
                : Origin.of(source, clone, state.cut());
    }
}
