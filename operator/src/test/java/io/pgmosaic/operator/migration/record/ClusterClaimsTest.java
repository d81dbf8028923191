package io.pgmosaic.operator.migration.record;

import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.record.SplitRecords;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClusterClaimsTest {
    private static final MigrationId ONE = new MigrationId("uid-1", "one");
    private static final MigrationId OTHER = new MigrationId("uid-2", "other");
    private static final SplitState SPLIT =
            new SplitState("halve", "uid-3", "s0", List.of("s0", "s1"), List.of(), List.of(), false, false);

    private static ShardedClusterStatus split() {
        return ShardedClusterStatus.empty().with(null, List.of(), List.of(SPLIT));
    }

    @Test
    void oneMigrationHasItUntilItIsReleased() throws OvertakenException {
        ShardedClusterStatus claimed = ClusterClaims.claimed(ShardedClusterStatus.empty(), ONE);
        assertThat(claimed.migration()).isEqualTo(new MigrationState("one", "uid-1"));
        assertThat(ClusterClaims.isClaimed(claimed, ONE)).isTrue();
        assertThat(ClusterClaims.claimed(claimed, ONE)).isEqualTo(claimed);
        assertThatThrownBy(() -> ClusterClaims.claimed(claimed, OTHER))
                .isInstanceOf(OvertakenException.class)
                .hasMessage("SchemaMigration one is under way");
        assertThat(ClusterClaims.released(claimed, OTHER)).isEqualTo(claimed);
        assertThat(ClusterClaims.released(claimed, ONE).migration()).isNull();
    }

    @Test
    void splitsAndMigrationsExcludeEachOther() throws OvertakenException {
        assertThatThrownBy(() -> ClusterClaims.claimed(split(), ONE))
                .isInstanceOf(OvertakenException.class)
                .hasMessage("ShardSplit halve is under way");
        ShardedClusterStatus claimed = ClusterClaims.claimed(ShardedClusterStatus.empty(), ONE);
        assertThatThrownBy(() -> SplitRecords.begun(claimed, SPLIT, false))
                .isInstanceOf(OvertakenException.class)
                .hasMessage("SchemaMigration one is under way");
        assertThat(SplitRecords.begun(ClusterClaims.released(claimed, ONE), SPLIT, false)
                        .splits())
                .containsExactly(SPLIT);
    }

    @Test
    void whatSplitsChangeLeavesItAlone() throws OvertakenException {
        ShardedClusterStatus claimed = ClusterClaims.claimed(ShardedClusterStatus.empty(), ONE);
        assertThat(ClusterClaims.isClaimed(claimed.with(null, List.of(), List.of()), ONE))
                .isTrue();
    }
}
