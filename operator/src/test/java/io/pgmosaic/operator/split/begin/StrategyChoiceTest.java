package io.pgmosaic.operator.split.begin;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class StrategyChoiceTest {
    private static final String HALVES = "source: s0, targets: [{name: s0}, {name: s2}]";
    private static final long LARGE = StrategyChoice.LARGE_BYTES;

    private static StrategyChoice choice(String spec, long bytes, String... obstacles) {
        return StrategyChoice.of(
                new KubernetesSerialization()
                        .unmarshal(
                                "apiVersion: pgmosaic.io/v1alpha1\nkind: ShardSplit\nmetadata: {name: grow}\n"
                                        + "spec: {cluster: {name: orders}, " + spec + "}",
                                ShardSplit.class)
                        .getSpec(),
                bytes,
                List.of(obstacles));
    }

    @Test
    void whatIsDeclaredIsDone() {
        assertThat(choice(HALVES + ", strategy: Logical", LARGE).isPhysical()).isFalse();
        assertThat(choice(HALVES + ", strategy: Physical", 1, "no room").isPhysical())
                .isTrue();
    }

    @Test
    void whatIsDeclaredAndUnwiseIsToldAbout() {
        assertThat(choice(
                                "source: s0, targets: [{name: s2}], movedKeys: [{key: [a], shard: s2}],"
                                        + " strategy: Physical, throttle: {bytesPerSecond: 1000000}",
                                1)
                        .text())
                .isEqualTo(
                        "strategy: Physical, as declared; single keys move, and a clone is a copy of the whole shard:"
                                + " Logical would copy less; throttle.bytesPerSecond does not limit the base backup");
    }

    @Test
    void byItselfALargeShardIsCloned() {
        assertThat(choice(HALVES, LARGE).text())
                .isEqualTo("strategy: Physical, shard s0 has 68719476736 bytes, which is 68719476736 or more");
        assertThat(choice(HALVES, LARGE - 1).text())
                .isEqualTo(
                        "strategy: Logical, shard s0 has 68719476735 bytes, and a clone is made from 68719476736 on");
    }

    @Test
    void byItselfNothingIsClonedThatAPersonMayNotExpect() {
        assertThat(choice("source: s0, targets: [{name: s2}], movedKeys: [{key: [a], shard: s2}]", LARGE)
                        .why())
                .contains("single keys move");
        assertThat(choice("source: s0, targets: [{name: a}, {name: b}, {name: c}]", LARGE)
                        .why())
                .contains("there are 3 new shards");
        assertThat(choice(HALVES + ", throttle: {bytesPerSecond: 1000000}", LARGE)
                        .why())
                .contains("throttle.bytesPerSecond");
        assertThat(choice(HALVES, LARGE, "tablespace fast: no place").text())
                .isEqualTo("strategy: Logical, shard s0 cannot be cloned: tablespace fast: no place");
    }
}
