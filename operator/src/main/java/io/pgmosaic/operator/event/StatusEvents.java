package io.pgmosaic.operator.event;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.status.ShardPhase;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells from two successive statuses what happened between them. Pure. */
public final class StatusEvents {
    /** An event to be written. */
    public record Happened(EventRecorder.Kind kind, String reason, String message) {}

    private static final Set<String> ALARMING = Arrays.stream(ShardPhase.values())
            .filter(ShardPhase::isAlarming)
            .map(ShardPhase::word)
            .collect(Collectors.toUnmodifiableSet());

    private StatusEvents() {}

    public static List<Happened> between(ShardedClusterStatus before, ShardedClusterStatus after) {
        List<Happened> events = new ArrayList<>();
        if (before.map() == null && after.map() != null) {
            events.add(normal(
                    "MapCreated",
                    "shard map version " + after.map().version() + " spreads the keys over "
                            + after.shards().size() + " shards"));
        }
        if (before.map() != null
                && after.map() != null
                && after.map().version() > before.map().version()) {
            events.add(normal(
                    "MapChanged",
                    "shard map version " + after.map().version() + " is in force, with "
                            + after.map().groups().size() + " groups of tables"));
        }
        Map<String, ShardState> known =
                before.shards().stream().collect(Collectors.toMap(ShardState::name, Function.identity()));
        for (ShardState shard : after.shards()) {
            shard(known.getOrDefault(shard.name(), ShardState.unknown(shard.name())), shard, events);
        }
        before.shards().stream()
                .map(ShardState::name)
                .filter(name ->
                        after.shards().stream().noneMatch(shard -> shard.name().equals(name)))
                .forEach(name -> events.add(normal("ShardRemoved", "shard " + name + " and all that it had is gone")));
        condition(before, after, "Stalled", "Resolved", events);
        condition(before, after, "RetentionDue", "RetentionKept", events);
        condition(before, after, "SchemaDrift", "SchemaInSync", events);
        Condition was = find(before, "Ready");
        Condition is = find(after, "Ready");
        if (is != null && isTrue(is) && (was == null || !isTrue(was))) {
            events.add(normal("Ready", is.getMessage()));
        }
        return events;
    }

    private static void shard(ShardState before, ShardState after, List<Happened> events) {
        if (before.bootstrapInstance() == null && after.bootstrapInstance() != null) {
            events.add(normal(
                    "Bootstrapping",
                    "shard " + after.name() + ": the database is created on " + after.bootstrapInstance() + " in term "
                            + after.term()));
        }
        if (after.lastFailover() == null
                && after.primary() != null
                && !Objects.equals(before.primary(), after.primary())) {
            events.add(normal(
                    "PrimaryAppointed",
                    "shard " + after.name() + ": " + after.primary() + " is the primary of term " + after.term()));
        }
        FailoverEvents.between(before, after, events);
        if (before.phase() != null && !before.phase().equals(after.phase()) && after.phase() != null) {
            events.add(new Happened(
                    ALARMING.contains(after.phase()) ? EventRecorder.Kind.WARNING : EventRecorder.Kind.NORMAL,
                    "Shard" + after.phase(),
                    "shard " + after.name() + " was " + before.phase() + " and is " + after.phase() + ": "
                            + after.message()));
        }
    }

    private static void condition(
            ShardedClusterStatus before,
            ShardedClusterStatus after,
            String type,
            String whenGone,
            List<Happened> events) {
        Condition was = find(before, type);
        Condition is = find(after, type);
        if (is == null) {
            return;
        }
        String problem = isTrue(is) ? is.getMessage() : null;
        String problemBefore = was != null && isTrue(was) ? was.getMessage() : null;
        if (problem != null && !problem.equals(problemBefore)) {
            events.add(new Happened(EventRecorder.Kind.WARNING, is.getReason(), problem));
        } else if (problem == null && problemBefore != null) {
            events.add(normal(whenGone, "no longer the case: " + problemBefore));
        }
    }

    private static boolean isTrue(Condition condition) {
        return "True".equals(condition.getStatus());
    }

    private static @Nullable Condition find(ShardedClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst()
                .orElse(null);
    }

    private static Happened normal(String reason, String message) {
        return new Happened(EventRecorder.Kind.NORMAL, reason, message);
    }
}
