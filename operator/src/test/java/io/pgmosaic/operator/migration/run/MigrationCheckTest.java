package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.operator.migration.check.SafetyCheck;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationCheckTest {
    private static final SafetyFinding FINDING = new SafetyFinding("rewrites-table", "ALTER ...", "it is large");

    private final SchemaMigration migration = Declared.migration("expand: [\"SELECT 1\"]");
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger looks = new AtomicInteger();

    private boolean begins(MigrationCheck check) throws InterruptedException {
        return check.obstacle(Declared.scene(migration)).isEmpty();
    }

    private MigrationCheck finding(List<SafetyFinding> findings) {
        return new MigrationCheck(
                scene -> {
                    looks.incrementAndGet();
                    return MigrationCheck.judged(
                            new SafetyCheck.Checked(findings, Set.of("public.orders")),
                            scene.migration().getSpec().allow());
                },
                nanoTime::get);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    @Test
    void whatIsRefusedIsLookedAtEveryFiveMinutes() throws Exception {
        MigrationCheck check = finding(List.of(FINDING));
        assertThat(begins(check)).isFalse();
        pass(Duration.ofMinutes(5).minusNanos(1));
        assertThat(begins(check)).isFalse();
        assertThat(looks).hasValue(1);
        pass(Duration.ofNanos(1));
        assertThat(begins(check)).isFalse();
        assertThat(looks).hasValue(2);
    }

    @Test
    void whatWasChangedIsLookedAtAtOnce() throws Exception {
        MigrationCheck check = finding(List.of(FINDING));
        assertThat(begins(check)).isFalse();
        migration.getMetadata().setGeneration(2L);
        assertThat(begins(check)).isFalse();
        assertThat(looks).hasValue(2);
    }

    @Test
    void whatIsSoundIsNotLookedAtAgain() throws Exception {
        MigrationCheck check = finding(List.of());
        assertThat(begins(check)).isTrue();
        pass(Duration.ofHours(1));
        assertThat(begins(check)).isTrue();
        assertThat(looks).hasValue(1);
    }

    @Test
    void whatCannotBeLookedAtIsTriedAgainAfterHalfAMinute() throws Exception {
        MigrationCheck check = new MigrationCheck(
                scene -> {
                    looks.incrementAndGet();
                    return MigrationCheck.waits("the shard is away");
                },
                nanoTime::get);
        assertThat(begins(check)).isFalse();
        pass(Duration.ofSeconds(30));
        assertThat(begins(check)).isFalse();
        assertThat(looks).hasValue(2);
    }

    @Test
    void whatIsAcceptedStandsAgainstNothing() throws Exception {
        MigrationCheck check = finding(List.of(FINDING));
        assertThat(begins(check)).isFalse();
        SchemaMigration accepting = Declared.migration("expand: [\"SELECT 1\"], allow: [rewrites-table]");
        accepting.getMetadata().setGeneration(2L);
        assertThat(check.obstacle(Declared.scene(accepting))).isEmpty();
    }
}
