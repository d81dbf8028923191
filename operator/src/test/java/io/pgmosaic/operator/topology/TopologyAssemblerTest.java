package io.pgmosaic.operator.topology;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.instance.InstanceStatuses;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

class TopologyAssemblerTest {
    private static final long TERM = InstanceStatuses.TERM;
    private static final Duration AGE = Duration.ofMillis(40);
    private static final ShardState RECORDED = recorded(TERM, "p");
    private static final PostgresState.ServerState RUNNING = PostgresState.ServerState.RUNNING;
    private static final InstanceStatus PRIMARY = InstanceStatuses.running(identity("p"));
    private static final InstanceStatus STANDBY = InstanceStatuses.standby(identity("r"), "p", true);

    static Stream<Arguments> primaries() {
        return Stream.of(
                argumentSet("serves", RECORDED, PRIMARY, true, null),
                argumentSet("does not answer the operator, perhaps its clients", RECORDED, PRIMARY, false, null),
                argumentSet("none yet", recorded(0, null), PRIMARY, true, "is being created"),
                argumentSet("of the next term", recorded(TERM + 1, "p"), PRIMARY, true, "not the primary of term 5"),
                argumentSet("of a term before", recorded(TERM - 1, "p"), PRIMARY, true, "not the primary of term 3"),
                argumentSet("still a standby", RECORDED, STANDBY, true, "not the primary of term 4"),
                argumentSet("was never seen", RECORDED, null, false, "not been seen"),
                argumentSet(
                        "stopped",
                        RECORDED,
                        primary(InstanceStatuses.postgres(PostgresState.ServerState.CRASHED, TERM, true, null)),
                        true,
                        "is not running"),
                argumentSet(
                        "is not open",
                        RECORDED,
                        primary(InstanceStatuses.postgres(RUNNING, TERM, false, null)),
                        true,
                        "not open to applications"));
    }

    @Test
    void leavesOutAShardThatOwnsNoKeys() {
        ShardedCluster cluster = Serialization.unmarshal(
                "metadata: {namespace: shop, name: orders, uid: uid-1}\nspec: {postgres: {version: 17}}",
                ShardedCluster.class);
        MapRecipe map = new MapRecipe(1, null, List.of(PlacementRecipe.evenHashRanges(List.of("s0"))), List.of());
        cluster.setStatus(ShardedClusterStatus.empty()
                .with(RecordedMap.of(map), List.of(RECORDED, ShardState.born("t0", "halve")), List.of()));
        assertThat(TopologyAssembler.assemble(cluster, cluster.getSpec(), shard -> List.of(), Instant.EPOCH))
                .hasValueSatisfying(topology -> assertThat(topology.shards())
                        .extracting(ShardTopology::shard)
                        .as("whoever asks every shard would find its copies of rows")
                        .containsExactly("s0"));
    }

    @ParameterizedTest
    @MethodSource("primaries")
    void namesAPrimaryOnlyWhileItTakesWrites(
            ShardState recorded, @Nullable InstanceStatus status, boolean answers, @Nullable String obstacle) {
        ShardTopology shard = TopologyAssembler.shard(recorded, List.of(instance("p", status, answers)));
        assertThat(shard.term()).isEqualTo(recorded.term());
        if (obstacle == null) {
            assertThat(shard.primary()).isEqualTo(new Server("p", "host-of-p", 5432));
            assertThat(shard.reason()).isNull();
        } else {
            assertThat(shard.primary()).isNull();
            assertThat(shard.reason()).contains(obstacle);
        }
    }

    @Test
    void saysThatThePodIsGone() {
        assertThat(TopologyAssembler.shard(RECORDED, List.of()).reason()).isEqualTo("the pod of the primary p is gone");
    }

    static Stream<Arguments> standbys() {
        return Stream.of(
                argumentSet("streams", STANDBY, true, replica(12L)),
                argumentSet(
                        "lost its upstream", InstanceStatuses.standby(identity("r"), "p", false), true, replica(null)),
                argumentSet("does not answer", STANDBY, false, null),
                argumentSet("was never seen", null, true, null),
                argumentSet("thinks that it is a primary", InstanceStatuses.running(identity("r")), true, null),
                argumentSet("promised another term", standby(TERM + 1, RUNNING, true), true, null),
                argumentSet("lags a term behind", standby(TERM - 1, RUNNING, true), true, null),
                argumentSet("starts", standby(TERM, PostgresState.ServerState.STARTING, true), true, null),
                argumentSet("is not open", standby(TERM, RUNNING, false), true, null));
    }

    @ParameterizedTest
    @MethodSource("standbys")
    void listsAStandbyOnlyWhileItTakesReads(
            @Nullable InstanceStatus status, boolean answers, @Nullable Replica expected) {
        ShardTopology shard = TopologyAssembler.shard(
                RECORDED, List.of(instance("r", status, answers), instance("p", PRIMARY, true)));
        assertThat(shard.replicas()).isEqualTo(expected == null ? List.of() : List.of(expected));
        assertThat(shard.primary()).isNotNull();
    }

    @Test
    void aLagThatWasToldLongAgoIsUnknownAndThePositionIsNot() {
        ShardTopology shard = TopologyAssembler.shard(
                RECORDED,
                List.of(new TopologyAssembler.Instance(
                        "r", "host-of-r", STANDBY, true, Duration.ofMillis(3_001), null)));
        assertThat(shard.replicas())
                .containsExactly(
                        new Replica(new Server("r", "host-of-r", 5432), null, new LogPosition(1, Lsn.ZERO), 3_001L));
    }

    @Test
    void tellsThePositionOfThisTermsPrimaryAlone() {
        assertThat(TopologyAssembler.shard(RECORDED, List.of(instance("p", PRIMARY, true)))
                        .written())
                .isEqualTo(new LogPosition(1, Lsn.ZERO));
        assertThat(TopologyAssembler.shard(recorded(TERM + 1, "p"), List.of(instance("p", PRIMARY, true)))
                        .written())
                .isNull();
        assertThat(TopologyAssembler.shard(RECORDED, List.of(instance("p", STANDBY, true)))
                        .written())
                .isNull();
    }

    @Test
    void tellsTheZoneOfEachServer() {
        ShardTopology shard = TopologyAssembler.shard(
                RECORDED,
                List.of(
                        new TopologyAssembler.Instance("p", "host-of-p", PRIMARY, true, AGE, "north"),
                        new TopologyAssembler.Instance("r", "host-of-r", STANDBY, true, AGE, "south")));
        assertThat(shard.primary()).isEqualTo(new Server("p", "host-of-p", 5432, "north"));
        assertThat(shard.replicas().getFirst().server().zone()).isEqualTo("south");
    }

    private static Replica replica(@Nullable Long lagMillis) {
        return new Replica(new Server("r", "host-of-r", 5432), lagMillis, new LogPosition(1, Lsn.ZERO), AGE.toMillis());
    }

    private static InstanceStatus primary(PostgresState postgres) {
        return InstanceStatuses.of(identity("p"), InstanceRole.PRIMARY, TERM, postgres);
    }

    private static InstanceStatus standby(long promised, PostgresState.ServerState state, boolean open) {
        return InstanceStatuses.of(
                identity("r"),
                InstanceRole.STANDBY,
                promised,
                InstanceStatuses.postgres(
                        state, promised, open, STANDBY.postgres().receiver()));
    }

    private static TopologyAssembler.Instance instance(String name, @Nullable InstanceStatus status, boolean answers) {
        return new TopologyAssembler.Instance(name, "host-of-" + name, status, answers, AGE, null);
    }

    private static ShardState recorded(long term, @Nullable String primary) {
        return new ShardState(
                "s0", null, null, false, term, primary, null, null, null, null, null, null, null, null, null, null,
                List.of());
    }

    private static InstanceIdentity identity(String name) {
        return new InstanceIdentity("shop", "orders", "uid-1", "s0", name);
    }
}
