package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.protocol.topology.SchemaStage;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaDocumentTest {
    private static final List<String> SHARDS = List.of("s0", "s1");

    private static SchemaDocument document(boolean isFresh, SchemaStage everywhere, Map<String, SchemaStage> ahead) {
        SchemaChange change = new SchemaChange("notes", List.of("public.orders"), everywhere, ahead);
        return SchemaDocument.of("public.orders", null, List.of(change), SHARDS, isFresh);
    }

    @Test
    void whatCanBeTakenBackIsNotReliedOnWhenItIsOld() {
        Map<String, SchemaStage> ahead = Map.of("s1", SchemaStage.FILLED);
        assertThat(document(true, SchemaStage.EXPANDED, ahead).expanded()).isTrue();
        SchemaDocument old = document(false, SchemaStage.EXPANDED, ahead);
        assertThat(old.expanded()).isFalse();
        assertThat(old.shards()).noneMatch(SchemaDocument.Shard::expanded);
        assertThat(old.migrations()).noneMatch(SchemaDocument.Migration::expanded);
    }

    @Test
    void whatCannotBeTakenBackIsTrueHoweverOldItIs() {
        SchemaDocument old = document(false, SchemaStage.FILLED, Map.of("s1", SchemaStage.COMPLETE));
        assertThat(old.filled()).isTrue();
        assertThat(old.complete()).isFalse();
        assertThat(old.shards()).filteredOn(SchemaDocument.Shard::complete).hasSize(1);
    }

    @Test
    void aShardThatWillBeMadeIsWhereEveryShardIs() {
        SchemaChange change = new SchemaChange("notes", null, SchemaStage.FILLED, Map.of("s0", SchemaStage.COMPLETE));
        assertThat(change.on("t0")).isEqualTo(SchemaStage.FILLED);
    }
}
