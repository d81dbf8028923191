package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.QuorumMethod;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

class ShardPlannerTest {
    @Nested
    class Creating {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 5})
        void endsWithAPrimaryAndItsStandbys(int instances) {
            ShardScene scene = new ShardScene(instances);
            if (instances == 1) {
                scene.replication = async();
            }
            ShardPlan plan = scene.settle();
            assertThat(plan.headline().reason()).isEqualTo(Reason.HEALTHY);
            assertThat(scene.bootstraps).isEqualTo(1);
            assertThat(scene.record.term()).isEqualTo(1);
            assertThat(scene.record.primary()).isEqualTo("orders-s0-0");
            assertThat(scene.record.systemIdentifier()).isEqualTo(ShardScene.SYSTEM);
            for (int i = 1; i < instances; i++) {
                assertThat(scene.instance(i).upstream).isEqualTo("orders-s0-0");
            }
        }

        @Test
        void recordsTheChoiceBeforeItSendsTheCommand() {
            ShardScene scene = new ShardScene(3);
            ShardPlan first = scene.pass();
            assertThat(first.commands()).isEmpty();
            assertThat(scene.record.bootstrapInstance()).isEqualTo("orders-s0-0");
            assertThat(scene.plan().commands())
                    .singleElement()
                    .isInstanceOfSatisfying(InstanceCommand.Bootstrap.class, bootstrap -> {
                        assertThat(bootstrap.target().instance()).isEqualTo("orders-s0-0");
                        assertThat(bootstrap.term()).isEqualTo(1);
                        assertThat(bootstrap.configuration().acceptClients()).isFalse();
                    });
        }

        @Test
        void opensForApplicationsOnlyWhenTheDatabaseWasFoundReady() {
            ShardScene scene = new ShardScene(2);
            for (int i = 0; i < 6; i++) {
                scene.pass();
                scene.databaseReady = false;
            }
            assertThat(scene.record.configuration().acceptClients()).isFalse();
            assertThat(scene.plan().headline().reason()).isEqualTo(Reason.SETTING_UP_DATABASE);
            scene.databaseReady = true;
            scene.settle();
            assertThat(scene.record.configuration().acceptClients()).isTrue();
        }

        @Test
        void staysOpenWhenAnOperatorThatKnowsNothingTakesOver() {
            ShardScene scene = new ShardScene(3);
            scene.settle();
            scene.databaseReady = false;
            assertThat(scene.plan().record()).isEqualTo(scene.record);
            assertThat(scene.plan().commands()).isEmpty();
        }

        @Test
        void doesNotCreateBesideAVolumeThatMayHoldTheData() {
            ShardScene scene = new ShardScene(3);
            scene.instance(2).volumePredatesCluster = true;
            scene.instance(2).reachable = false;
            ShardPlan plan = scene.settle();
            assertThat(scene.bootstraps).isZero();
            assertThat(plan.findings()).anySatisfy(finding -> assertThat(finding.message())
                    .contains("orders-s0-2", "older than this cluster"));
        }

        @Test
        void goesOnWithoutAnInstanceThatCannotStart() {
            ShardScene scene = new ShardScene(3);
            scene.instance(2).podProblem = "no node takes its pod: 0/3 nodes are available";
            scene.instance(2).reachable = false;
            ShardPlan plan = scene.settle();
            assertThat(scene.bootstraps).isEqualTo(1);
            assertThat(plan.databaseReachable()).isTrue();
            assertThat(plan.headline().reason()).isEqualTo(Reason.POD_FAILED);
            assertThat(plan.headline().message()).contains("orders-s0-2", "0/3 nodes");
        }
    }

    @Nested
    class Adopting {
        @Test
        void takesTheOnlyPrimaryOfTheHighestTerm() {
            ShardScene scene = new ShardScene(3);
            scene.instance(0).holds(ShardScene.SYSTEM, InstanceRole.STANDBY, 4);
            scene.instance(1).holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 4);
            scene.instance(2).holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 3);
            scene.pass();
            assertThat(scene.record.primary()).isEqualTo("orders-s0-1");
            assertThat(scene.record.term()).isEqualTo(4);
            assertThat(scene.bootstraps).isZero();
        }

        @Test
        void waitsForEveryInstance() {
            ShardScene scene = new ShardScene(3);
            scene.instance(0).holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 2);
            scene.instance(1).reachable = false;
            ShardPlan plan = scene.settle();
            assertThat(scene.record.primary()).isNull();
            assertThat(plan.findings())
                    .anySatisfy(finding -> assertThat(finding.message()).contains("Missing: orders-s0-1"));
        }

        @Test
        void refusesToChooseAmongTwo() {
            ShardScene scene = new ShardScene(2);
            scene.instance(0).holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 2);
            scene.instance(1).holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 2);
            ShardPlan plan = scene.settle();
            assertThat(plan.headline().reason()).isEqualTo(Reason.ADOPTION_UNCLEAR);
            assertThat(plan.commands()).isEmpty();
            assertThat(scene.record.primary()).isNull();
        }
    }

    @Nested
    class Keeping {
        @Test
        void resumesAPrimaryThatStopped() {
            ShardScene scene = settled(3);
            scene.instance(0).runs = false;
            assertThat(scene.plan().commands())
                    .anySatisfy(command -> assertThat(command).isInstanceOf(InstanceCommand.Resume.class));
            assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        }

        @Test
        void neverCreatesADatabaseAgain() {
            ShardScene scene = settled(3);
            for (int i = 0; i < 3; i++) {
                ShardScene.Instance lost = scene.instance(i);
                lost.data = DataDirectory.State.EMPTY;
                lost.systemIdentifier = null;
                lost.storedIdentity = null;
                lost.role = InstanceRole.NONE;
                lost.runs = false;
            }
            ShardPlan plan = scene.settle();
            assertThat(plan.headline().reason()).isEqualTo(Reason.VOLUME_LOST);
            assertThat(plan.commands()).isEmpty();
            assertThat(scene.bootstraps).isEqualTo(1);
        }

        @Test
        void clonesAStandbyThatLostItsVolume() {
            ShardScene scene = settled(3);
            ShardScene.Instance lost = scene.instance(2);
            lost.data = DataDirectory.State.EMPTY;
            lost.role = InstanceRole.NONE;
            lost.runs = false;
            lost.upstream = null;
            assertThat(scene.plan().headline().reason()).isEqualTo(Reason.STANDBY_DOWN);
            assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        }

        @Test
        void leavesAForeignVolumeAlone() {
            ShardScene scene = settled(3);
            scene.instance(1).holds("666", InstanceRole.STANDBY, 1);
            scene.instance(1).runs = false;
            ShardPlan plan = scene.settle();
            assertThat(plan.headline().reason()).isEqualTo(Reason.FOREIGN_VOLUME);
            assertThat(plan.headline().message()).contains("orders-s0-1", "system 666", ShardScene.SYSTEM);
            assertThat(plan.databaseReachable()).isTrue();
        }

        @Test
        void namesTheOwnerOfAVolumeOfAnotherShard() {
            ShardScene scene = settled(2);
            scene.instance(1).storedIdentity = new InstanceIdentity("shop", "orders", "uid-1", "s1", "orders-s1-1");
            ShardPlan plan = scene.settle();
            assertThat(plan.headline().reason()).isEqualTo(Reason.FOREIGN_VOLUME);
            assertThat(plan.headline().message()).contains("orders-s1-1", "shard s1");
        }

        @Test
        void numbersEveryChangeOfTheConfiguration() {
            ShardScene scene = settled(3);
            long sequence = scene.record.configuration().sequence();
            scene.parameters.put("work_mem", "8MB");
            scene.settle();
            assertThat(scene.record.configuration().sequence()).isEqualTo(sequence + 1);
            assertThat(Objects.requireNonNull(scene.instance(0).configuration).parameters())
                    .containsEntry("work_mem", "8MB");
            assertThat(Objects.requireNonNull(scene.instance(2).configuration).parameters())
                    .containsEntry("work_mem", "8MB");
        }

        @Test
        void keepsNoSlotThatNobodyReads() {
            ShardScene scene = settled(3);
            assertThat(Objects.requireNonNull(scene.instance(0).configuration).replicationSlots())
                    .containsExactly("mosaic_1", "mosaic_2");
            assertThat(Objects.requireNonNull(scene.instance(1).configuration).replicationSlots())
                    .isEmpty();
        }
    }

    @Nested
    class Scaling {
        @Test
        void aNewStandbyAcknowledgesOnlyOnceItStreams() {
            ShardScene scene = settled(2);
            scene.declared = 3;
            ShardScene.Instance added = scene.add(2);
            added.reachable = false;
            scene.settle();
            assertThat(names(scene)).isEqualTo("ANY 1 (\"orders-s0-1\")");
            added.reachable = true;
            scene.settle();
            assertThat(names(scene)).isEqualTo("ANY 1 (\"orders-s0-1\",\"orders-s0-2\")");
        }

        @Test
        void aLeavingStandbyKeepsItsPodUntilNobodyWaitsForIt() {
            ShardScene scene = settled(3);
            scene.declared = 2;
            assertThat(scene.plan().replicas()).isEqualTo(3);
            scene.pass();
            assertThat(scene.plan().replicas()).isEqualTo(3);
            scene.settle();
            assertThat(names(scene)).isEqualTo("ANY 1 (\"orders-s0-1\")");
            assertThat(scene.plan().replicas()).isEqualTo(2);
            assertThat(slots(scene)).containsExactly("mosaic_1", "mosaic_2");
            scene.instances.remove("orders-s0-2");
            scene.settle();
            assertThat(slots(scene)).containsExactly("mosaic_1");
        }
    }

    @Nested
    class Modes {
        @Test
        void writeTheNamesAsPostgresqlReadsThem() {
            assertThat(namesIn(ReplicationMode.ASYNC, null, QuorumMethod.ANY)).isEmpty();
            assertThat(namesIn(ReplicationMode.SEMI_SYNC, null, QuorumMethod.ANY))
                    .isEqualTo("ANY 1 (\"orders-s0-1\",\"orders-s0-2\",\"orders-s0-3\",\"orders-s0-4\")");
            assertThat(namesIn(ReplicationMode.QUORUM, null, QuorumMethod.ANY)).startsWith("ANY 3 (");
            assertThat(namesIn(ReplicationMode.QUORUM, 2, QuorumMethod.FIRST)).startsWith("FIRST 2 (");
            assertThat(namesIn(ReplicationMode.SYNC, null, QuorumMethod.ANY)).startsWith("ANY 4 (");
        }

        private String namesIn(ReplicationMode mode, @Nullable Integer acknowledgements, QuorumMethod method) {
            ShardScene scene = new ShardScene(5);
            scene.replication = new ReplicationSpec(mode, acknowledgements, Durability.REQUIRED, method);
            scene.settle();
            return names(scene);
        }
    }

    @Test
    void everyCrashPointLeadsToTheSameEnd() {
        ShardPlan wanted = new ShardScene(3).settle();
        for (int crashAfter = 0; crashAfter < 8; crashAfter++) {
            for (boolean commandsSent : List.of(true, false)) {
                ShardScene scene = new ShardScene(3);
                for (int i = 0; i < crashAfter; i++) {
                    scene.pass();
                }
                if (!commandsSent) {
                    scene.record = scene.plan().record();
                }
                scene.databaseReady = false;
                assertThat(scene.settle().findings())
                        .as("operator lost after pass %d, commands sent: %s", crashAfter, commandsSent)
                        .isEqualTo(wanted.findings());
                assertThat(scene.bootstraps).isEqualTo(1);
            }
        }
    }

    private static ShardScene settled(int instances) {
        ShardScene scene = new ShardScene(instances);
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        return scene;
    }

    private static String names(ShardScene scene) {
        return Objects.requireNonNull(scene.instance(0).configuration).synchronousStandbyNames();
    }

    private static List<String> slots(ShardScene scene) {
        return Objects.requireNonNull(scene.instance(0).configuration).replicationSlots();
    }

    private static ReplicationSpec async() {
        return new ReplicationSpec(ReplicationMode.ASYNC, null, Durability.REQUIRED, QuorumMethod.ANY);
    }
}
