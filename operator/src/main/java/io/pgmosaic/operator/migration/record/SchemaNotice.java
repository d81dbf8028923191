package io.pgmosaic.operator.migration.record;

import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaChangesState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaStage;
import io.pgmosaic.api.v1alpha1.cluster.ShardStageState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The part of a cluster's status that routers tell applications: how far each migration is on each shard. Pure; who stores it does so by
 * compare-and-set.
 *
 * <p>What it promises: a stage is told after it is reached, and what is to be undone is told to be gone before; once that was told,
 * nothing of the migration is told again.
 */
public final class SchemaNotice {
    /**
     * From the time at which it is recorded that a migration is taken back: a router relies on what it has heard for
     * {@link io.pgmosaic.protocol.topology.SchemaChange#RELIABLE}, a client for about as long on what a router said.
     */
    public static final Duration BEFORE_UNDO = Duration.ofSeconds(30);

    /** Of those that have ended, older ones are forgotten. */
    static final int MOST = 64;

    private SchemaNotice() {}

    public static Optional<SchemaChangeState> find(ShardedClusterStatus status, MigrationId migration) {
        return all(status).changes().stream()
                .filter(change -> change.uid().equals(migration.uid()))
                .findFirst();
    }

    /**
     * The migration is about to begin. Another one of its name is not told of any more.
     *
     * @param tables that it touches; null when that is not known, which changes nothing that was known before
     */
    public static ShardedClusterStatus begun(
            ShardedClusterStatus status, MigrationId migration, @Nullable Set<String> tables) {
        List<String> sorted = tables == null ? null : tables.stream().sorted().toList();
        return change(
                status,
                migration,
                before -> new SchemaChangeState(
                        before.name(),
                        before.uid(),
                        sorted == null ? before.tables() : sorted,
                        before.everywhere(),
                        before.ahead(),
                        before.undoneFrom()));
    }

    /** Tells how far it is, unless it is taken back. */
    public static ShardedClusterStatus reached(
            ShardedClusterStatus status, MigrationId migration, Map<String, SchemaStage> shards) {
        SchemaStage everywhere =
                shards.values().stream().min(SchemaStage::compareTo).orElse(SchemaStage.NONE);
        List<ShardStageState> ahead = new TreeMap<>(shards)
                .entrySet().stream()
                        .filter(shard -> shard.getValue() != everywhere)
                        .map(shard -> new ShardStageState(shard.getKey(), shard.getValue()))
                        .toList();
        return change(
                status,
                migration,
                before -> before.undoneFrom() != null
                        ? before
                        : new SchemaChangeState(before.name(), before.uid(), before.tables(), everywhere, ahead, null));
    }

    /** Tells that nothing of it is there any more; statements may be undone when who was told otherwise has heard that. */
    public static ShardedClusterStatus takenBack(ShardedClusterStatus status, MigrationId migration, Instant now) {
        return change(
                status,
                migration,
                before -> before.undoneFrom() != null
                        ? before
                        : new SchemaChangeState(
                                before.name(),
                                before.uid(),
                                before.tables(),
                                SchemaStage.NONE,
                                List.of(),
                                (before.tellsAny() ? now.plus(BEFORE_UNDO) : now).toString()));
    }

    private static ShardedClusterStatus change(
            ShardedClusterStatus status, MigrationId migration, UnaryOperator<SchemaChangeState> how) {
        SchemaChangesState all = all(status);
        List<SchemaChangeState> changes = new ArrayList<>(all.changes());
        changes.removeIf(change ->
                change.name().equals(migration.name()) && !change.uid().equals(migration.uid()));
        int at = 0;
        while (at < changes.size() && !changes.get(at).uid().equals(migration.uid())) {
            at++;
        }
        if (at == changes.size()) {
            changes.add(
                    new SchemaChangeState(migration.name(), migration.uid(), null, SchemaStage.NONE, List.of(), null));
        }
        changes.set(at, how.apply(changes.get(at)));
        for (int i = 0; i < changes.size() && changes.size() > MOST; ) {
            if (hasEnded(changes.get(i)) && !changes.get(i).uid().equals(migration.uid())) {
                changes.remove(i);
            } else {
                i++;
            }
        }
        return changes.equals(all.changes()) ? status : status.with(new SchemaChangesState(all.version() + 1, changes));
    }

    private static boolean hasEnded(SchemaChangeState change) {
        return change.everywhere() == SchemaStage.COMPLETE || change.undoneFrom() != null;
    }

    private static SchemaChangesState all(ShardedClusterStatus status) {
        return Objects.requireNonNullElseGet(status.schemaChanges(), SchemaChangesState::none);
    }
}
