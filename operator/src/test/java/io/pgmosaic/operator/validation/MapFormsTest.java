package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What an accepted spec declares can be recorded, sent and compiled, and is the same map in every form. */
class MapFormsTest {
    @ParameterizedTest
    @MethodSource("io.pgmosaic.operator.validation.SpecCases#accepted")
    void everyFormIsTheSameMap(SpecCases.Case accepted) throws MalformedJsonException {
        ShardedClusterSpec spec = SpecCases.parse(accepted.spec());
        ShardingSpec sharding = spec.sharding();
        MapRecipe declared = DeclaredMap.of(spec.shards().shardNames(), sharding);
        ShardMapState recorded = RecordedMap.of(declared);
        assertThat(RecordedMap.recipe(recorded)).isEqualTo(declared);
        assertThat(Json.read(Json.write(declared), MapRecipe.class)).isEqualTo(declared);
        assertThat(declared.allShards())
                .containsExactlyInAnyOrderElementsOf(spec.shards().shardNames());
        assertThat(ClusterMap.compile(recorded, sharding).tables())
                .extracting(PlacedTable::table)
                .isEqualTo(Stream.concat(
                                sharding.tables().stream(),
                                sharding.allGroups().stream().flatMap(group -> group.tables().stream()))
                        .toList());
        ShardMapState withoutGroups = new ShardMapState(
                1L,
                recorded.defaultRegion(),
                recorded.placements(),
                recorded.overrides(),
                List.of(),
                recorded.directory());
        assertThat(RecordedMap.withGroupsOf(withoutGroups, declared))
                .as("whether its groups were there at first or added later")
                .isEqualTo(recorded);
        assertThat(RecordedMap.withGroupsOf(recorded, declared)).isSameAs(recorded);
        assertThat(RecordedMap.hasGroupsOf(recorded, sharding)).isTrue();
        assertThat(RecordedMap.hasGroupsOf(withoutGroups, sharding))
                .isEqualTo(sharding.allGroups().isEmpty());
        assertThat(new String(Json.write(declared), StandardCharsets.UTF_8))
                .as("nothing but what says something is sent")
                .doesNotContain("null");
        List<String> shards = declared.allShards();
        assertThat(sharding.overrides())
                .allSatisfy(override -> assertThat(shards).contains(override.shard()));
    }
}
