package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.operator.split.status.SplitStatuses;
import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class SplitWishesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static ShardSplit split(String cutOver) {
        return new KubernetesSerialization()
                .unmarshal(
                        "apiVersion: pgmosaic.io/v1alpha1\nkind: ShardSplit\nmetadata: {name: grow}\n"
                                + "spec: {cluster: {name: orders}, source: s0, targets: [{name: s0}, {name: s1}], cutOver: "
                                + cutOver + "}",
                        ShardSplit.class);
    }

    @Test
    void theCutOverGoesOnByItselfUnlessAPersonIsAsked() {
        assertThat(SplitWishes.whyNot(split("{}"), NOON)).isEmpty();
        assertThat(SplitWishes.whyNot(split("{approval: Manual}"), NOON))
                .isEqualTo("the cut-over awaits approval: set spec.cutOver.approved to true");
        assertThat(SplitWishes.whyNot(split("{approval: Manual, approved: true}"), NOON))
                .isEmpty();
    }

    @Test
    void aWindowIsKept() {
        ShardSplit split = split("{window: {notBefore: \"2026-01-01T13:00:00Z\", notAfter: \"2026-01-01T14:00:00Z\"}}");
        assertThat(SplitWishes.whyNot(split, NOON)).contains("begins at 2026-01-01T13:00:00Z");
        assertThat(SplitWishes.whyNot(split, NOON.plusSeconds(3_600))).isEmpty();
        assertThat(SplitWishes.whyNot(split, NOON.plusSeconds(7_200)))
                .contains("ended at 2026-01-01T14:00:00Z: write another");
    }

    @Test
    void afterEnoughAttemptsAPersonIsAsked() {
        ShardSplit split = split("{maxAttempts: 2}");
        split.setStatus(SplitStatuses.attempted(split.getStatus(), 300, false, NOON));
        assertThat(SplitWishes.whyNot(split, NOON)).isEmpty();
        split.setStatus(SplitStatuses.attempted(split.getStatus(), 300, false, NOON));
        assertThat(SplitWishes.whyNot(split, NOON))
                .contains("was given up 2 times")
                .contains("raise spec.cutOver.maxAttempts, or set spec.rollback to true");
    }
}
