package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.protocol.topology.SchemaStage;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;

/**
 * The body of {@code GET /v1/schema}: how far migrations of a table are. Without any that is known nothing is there.
 *
 * @param migration that was asked for; null for all that touch the table
 * @param expanded whether what expand adds is there on every shard, of each of the migrations
 * @param filled whether the rows that there were are filled as well
 * @param complete whether what contract takes away is gone as well
 * @param settled whether nothing that is true here will be false again
 * @param shards the same of each shard
 * @param migrations each that touches the table, or the one that was asked for, if that is known
 */
record SchemaDocument(
        String table,
        @Nullable String migration,
        boolean expanded,
        boolean filled,
        boolean complete,
        boolean settled,
        List<Shard> shards,
        List<Migration> migrations) {
    SchemaDocument {
        shards = List.copyOf(shards);
        migrations = List.copyOf(migrations);
    }

    record Shard(String shard, boolean expanded, boolean filled, boolean complete) {}

    record Migration(String name, boolean expanded, boolean filled, boolean complete) {}

    /**
     * @param changes that are asked for
     * @param isFresh whether what can be taken back is relied on
     */
    static SchemaDocument of(
            String table,
            @Nullable String migration,
            List<SchemaChange> changes,
            Collection<String> shards,
            boolean isFresh) {
        SchemaStage everywhere = least(
                changes.stream().map(change -> least(change, shards, isFresh)).toList());
        return new SchemaDocument(
                table,
                migration,
                has(everywhere, SchemaStage.EXPANDED),
                has(everywhere, SchemaStage.FILLED),
                has(everywhere, SchemaStage.COMPLETE),
                !changes.isEmpty() && changes.stream().noneMatch(SchemaChange::canBeTakenBack),
                shards.stream().map(shard -> shard(shard, changes, isFresh)).toList(),
                changes.stream()
                        .map(change -> migration(change.name(), least(change, shards, isFresh)))
                        .toList());
    }

    private static Shard shard(String shard, List<SchemaChange> changes, boolean isFresh) {
        SchemaStage stage = least(changes.stream()
                .map(change -> relied(change, change.on(shard), isFresh))
                .toList());
        return new Shard(
                shard,
                has(stage, SchemaStage.EXPANDED),
                has(stage, SchemaStage.FILLED),
                has(stage, SchemaStage.COMPLETE));
    }

    private static Migration migration(String name, SchemaStage stage) {
        return new Migration(
                name,
                has(stage, SchemaStage.EXPANDED),
                has(stage, SchemaStage.FILLED),
                has(stage, SchemaStage.COMPLETE));
    }

    private static SchemaStage least(SchemaChange change, Collection<String> shards, boolean isFresh) {
        return least(shards.stream()
                .map(shard -> relied(change, change.on(shard), isFresh))
                .toList());
    }

    private static SchemaStage relied(SchemaChange change, SchemaStage stage, boolean isFresh) {
        return isFresh || !change.canBeTakenBack() ? stage : SchemaStage.NONE;
    }

    private static SchemaStage least(List<SchemaStage> stages) {
        return stages.stream().min(SchemaStage::compareTo).orElse(SchemaStage.NONE);
    }

    private static boolean has(SchemaStage stage, SchemaStage wanted) {
        return stage.compareTo(wanted) >= 0;
    }
}
