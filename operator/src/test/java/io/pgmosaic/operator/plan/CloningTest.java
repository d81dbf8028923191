package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** A shard that begins with another one's data. */
class CloningTest {
    private static final String SLOT = CloneFacts.slot("s-2");

    private final ShardScene scene = new ShardScene(2);
    private final ShardScene.Instance clone = scene.instance(0);

    private static Upstream upstream(String name) {
        return new Upstream(name, name + ".orders-src.shop.svc", "127.0.1.1", 5432, 8443);
    }

    private void origin(long term, @Nullable String primary, @Nullable String backup, boolean isCut) {
        scene.clones = new CloneFacts(
                new CloneFacts.Origin(
                        "src",
                        term,
                        ShardScene.SYSTEM,
                        primary == null ? null : upstream(primary),
                        backup == null ? null : upstream(backup),
                        SLOT,
                        isCut),
                List.of());
    }

    private static InstanceCommand.Follow follow(ShardPlan plan) {
        assertThat(plan.commands()).singleElement().isInstanceOf(InstanceCommand.Follow.class);
        return (InstanceCommand.Follow) plan.commands().getFirst();
    }

    /** It has the data, and streams from the primary of term 4. */
    private void following() {
        origin(4, "src-0", "src-1", false);
        clone.streamsFrom = "src-0";
        scene.settle();
        clone.timeline = 4;
        clone.logEnd = Lsn.parse("0/5000");
    }

    @Test
    void itIsCopiedFromAStandbyAndFollowsThePrimaryInItsTerm() {
        origin(4, "src-0", "src-1", false);
        scene.pass();
        assertThat(scene.record.bootstrapInstance()).isEqualTo(clone.name);
        scene.pass();
        assertThat(scene.record.term()).isEqualTo(4);
        InstanceCommand.Follow copied = follow(scene.pass());
        assertThat(copied.upstream().instance()).isEqualTo("src-1");
        assertThat(copied.slot()).isEqualTo("mosaic_clone_s_2");
        assertThat(copied.configuration().acceptClients()).isFalse();
        assertThat(scene.record.backs(copied)).isTrue();
        assertThat(follow(scene.pass()).upstream().instance()).isEqualTo("src-0");
        clone.streamsFrom = "src-0";
        assertThat(scene.settle().commands()).isEmpty();
        assertThat(scene.record.primary()).isNull();
        assertThat(scene.record.systemIdentifier()).isNull();
        assertThat(scene.bootstraps).isZero();
    }

    @Test
    void itFollowsThePrimaryOfALaterTermInThatTerm() {
        following();
        origin(6, "src-1", "src-1", false);
        scene.pass();
        assertThat(scene.record.term()).isEqualTo(6);
        InstanceCommand.Follow again = follow(scene.pass());
        assertThat(again.term()).isEqualTo(6);
        assertThat(again.upstream().instance()).isEqualTo("src-1");
    }

    @Test
    void onceCutItDetachesInALaterTermAndIsPromotedInThat() {
        following();
        origin(4, "src-0", "src-1", true);
        scene.pass();
        assertThat(scene.record.term()).isEqualTo(5);
        assertThat(scene.pass().commands())
                .containsExactly(new InstanceCommand.Revoke(ShardScene.IDENTITY.instance(clone.name), 5, false));
        scene.pass();
        assertThat(scene.record.primary()).isEqualTo(clone.name);
        assertThat(scene.record.systemIdentifier()).isEqualTo(ShardScene.SYSTEM);
        scene.settle();
        assertThat(clone.role).isEqualTo(InstanceRole.PRIMARY);
        assertThat(clone.timeline).isEqualTo(5);
        assertThat(scene.record.term()).isEqualTo(5);
    }

    /** The origin has failed over, and its new timeline came with the log. */
    @Test
    void aLogThatIsOnTheTermsTimelineAlreadyNeedsALaterTerm() {
        following();
        origin(4, "src-0", "src-1", true);
        scene.pass();
        clone.timeline = 5;
        scene.pass();
        scene.pass();
        assertThat(scene.record.primary()).isNull();
        assertThat(scene.record.term()).isEqualTo(6);
        assertThat(scene.pass().commands()).hasOnlyElementsOfType(InstanceCommand.Revoke.class);
        scene.settle();
        assertThat(clone.timeline).isEqualTo(6);
    }

    @Test
    void aVolumeThatIsLostBeforeThePromotionIsCopiedAnew() {
        following();
        origin(4, "src-0", "src-1", true);
        scene.pass();
        scene.pass();
        clone.data = DataDirectory.State.EMPTY;
        clone.role = InstanceRole.NONE;
        clone.runs = false;
        assertThat(follow(scene.pass()).term()).isEqualTo(5);
        // It was told to follow in the term in which it was to detach.
        clone.operation =
                new Operation("follow", 5, Operation.State.SUCCEEDED, "follows", Instant.EPOCH, Instant.EPOCH, null);
        scene.pass();
        assertThat(scene.record.term()).isEqualTo(6);
        assertThat(scene.pass().commands()).hasOnlyElementsOfType(InstanceCommand.Revoke.class);
    }

    @Test
    void whatCannotBeFollowedIsWaitedFor() {
        origin(4, null, null, false);
        assertThat(scene.settle().commands()).isEmpty();
        assertThat(scene.plan().headline().message()).contains("waits for shard src");
        assertThat(clone.data).isEqualTo(DataDirectory.State.EMPTY);
    }

    @Test
    void aVolumeWithDataIsNotReplaced() {
        clone.holds("7", InstanceRole.PRIMARY, 9);
        origin(4, "src-0", "src-1", false);
        assertThat(scene.settle().commands()).isEmpty();
        assertThat(scene.record.bootstrapInstance()).isNull();
        assertThat(clone.systemIdentifier).isEqualTo("7");
    }

    @Test
    void itsSlotIsOnThePrimaryBeforeItIsFollowedAndGoneAfterwards() {
        scene.settle();
        scene.clones = new CloneFacts(null, List.of(SLOT));
        assertThat(CloneFacts.Origin.of(scene.facts(), "s-2", false).primary()).isNull();
        scene.settle();
        CloneFacts.Origin origin = CloneFacts.Origin.of(scene.facts(), "s-2", false);
        assertThat(Objects.requireNonNull(origin.primary()).instance()).isEqualTo("orders-s0-0");
        assertThat(Objects.requireNonNull(origin.backup()).instance()).isEqualTo("orders-s0-1");
        assertThat(Objects.requireNonNull(clone.configuration).replicationSlots())
                .contains(SLOT);
        scene.clones = CloneFacts.none();
        scene.settle();
        assertThat(Objects.requireNonNull(clone.configuration).replicationSlots())
                .doesNotContain(SLOT);
    }
}
