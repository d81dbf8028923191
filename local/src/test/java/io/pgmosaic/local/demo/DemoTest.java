package io.pgmosaic.local.demo;

import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.platform.LogTail;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** Real operator, instance managers, router and PostgreSQL: 2 shards of 3 instances, from nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoTest {
    private final Quickstart quickstart = new Quickstart(
            Distribution.locate(), "demo-test-" + ProcessHandle.current().pid());
    private boolean failed;

    @TestFactory
    List<DynamicTest> everyStepOfTheDemonstration() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Step step : quickstart.demonstration().steps()) {
            tests.add(dynamicTest(step.title(), () -> {
                assertThat(failed).as("a step before this one failed").isFalse();
                try {
                    assertThat(step.action().run()).isNotBlank();
                } catch (StepFailed | RuntimeException e) {
                    failed = true;
                    quickstart.logs().ifPresent(logs -> LogTail.print(System.out, logs));
                    throw e;
                }
            }));
        }
        tests.add(dynamicTest("The status says what there is", this::checkStatus));
        return tests;
    }

    private void checkStatus() throws StepFailed {
        ClusterState state = quickstart.state();
        assertThat(state.isReady()).isTrue();
        assertThat(state.shards()).extracting(ShardState::name).containsExactly("s0", "s1");
        for (ShardState shard : state.shards()) {
            assertAll(
                    () -> assertThat(shard.instances()).hasSize(3).allMatch(InstanceState::ready),
                    () -> assertThat(state.instances(shard.name(), "Primary"))
                            .extracting(InstanceState::name)
                            .containsExactly(shard.primary()),
                    () -> assertThat(state.instances(shard.name(), "Standby"))
                            .extracting(InstanceState::syncState)
                            .containsOnly("quorum"),
                    () -> assertThat(shard.term()).isPositive());
        }
        assertThat(StatusTables.cluster(quickstart.local().client(), state).getFirst())
                .contains("NAME", "PHASE", "SHARDS", "INSTANCES");
        assertThat(StatusTables.instances(state)).hasSize(1 + 6);
    }

    @AfterAll
    void end() {
        quickstart.close();
        if (failed) {
            quickstart.deleteAllButLogs();
        } else {
            quickstart.deleteFolder();
        }
    }
}
