package io.pgmosaic.api.v1alpha1.cluster;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReplicationSpecTest {
    @ParameterizedTest
    @CsvSource({
        "ASYNC,,3,0",
        "SEMI_SYNC,,3,1",
        "SEMI_SYNC,,1,0",
        "SEMI_SYNC,2,3,2",
        "SEMI_SYNC,4,3,2",
        "QUORUM,,2,1",
        "QUORUM,,3,2",
        "QUORUM,,4,2",
        "QUORUM,,5,3",
        "QUORUM,,1,0",
        "QUORUM,1,5,1",
        "SYNC,,4,3"
    })
    void acknowledgementsFollowTheModeAndNeverExceedTheStandbys(
            ReplicationMode mode, Integer wanted, int instances, int acknowledgements) {
        ReplicationSpec replication = new ReplicationSpec(mode, wanted, Durability.REQUIRED, QuorumMethod.ANY);
        assertThat(replication.acknowledgementsAmong(instances)).isEqualTo(acknowledgements);
    }
}
