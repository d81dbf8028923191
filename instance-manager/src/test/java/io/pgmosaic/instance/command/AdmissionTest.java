package io.pgmosaic.instance.command;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.DataDirectory.State;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

final class AdmissionTest {
    private static final InstanceIdentity ME = new InstanceIdentity("shop", "orders", "u1", "s0", "orders-s0-1");
    private static final Upstream UPSTREAM = new Upstream("orders-s0-0", "pg.test", "127.0.0.1", 5432, 8443);
    private static final Instant STARTED = Instant.ofEpochSecond(1_000_000);
    private static final DataDirectory PRESENT = new DataDirectory(State.PRESENT, "7", 15, ME, null);
    private static final DataDirectory EMPTY = new DataDirectory(State.EMPTY, null, null, null, null);
    private static final StoredState PRIMARY = new StoredState(4, ME, Assignment.primary(4, configuration(5)));
    private static final StoredState STANDBY =
            new StoredState(4, ME, Assignment.standby(4, UPSTREAM, "slot", configuration(5)));

    private static PostgresConfiguration configuration(long sequence) {
        return new PostgresConfiguration(sequence, Map.of(), "", List.of(), false);
    }

    private static @Nullable Reason reason(StoredState stored, DataDirectory data, InstanceCommand command) {
        var refusal = new Admission(ME, stored, null, data, true, STARTED).refusal(command);
        return refusal == null ? null : refusal.reason();
    }

    private static InstanceCommand.Follow follow(long term, long sequence, String system) {
        return new InstanceCommand.Follow(ME, term, UPSTREAM, "slot", system, false, configuration(sequence));
    }

    private static InstanceCommand.Configure configure(long term, long sequence) {
        return new InstanceCommand.Configure(ME, term, configuration(sequence));
    }

    private static InstanceCommand.Resume resume(long term, String system) {
        return new InstanceCommand.Resume(ME, term, system, configuration(6));
    }

    @Test
    void everyCommandOfALowerTermIsStale() {
        for (InstanceCommand command : List.of(
                follow(3, 9, "7"),
                configure(3, 9),
                resume(3, "7"),
                new InstanceCommand.Stop(ME, 3),
                new InstanceCommand.Bootstrap(ME, 3, configuration(9)))) {
            assertThat(reason(STANDBY, PRESENT, command)).isEqualTo(Reason.STALE_TERM);
            assertThat(reason(new StoredState(4, null, null), EMPTY, command)).isEqualTo(Reason.STALE_TERM);
        }
    }

    @Test
    void whatIsForAnotherIsRefused() {
        InstanceIdentity other = new InstanceIdentity("shop", "orders", "u1", "s1", "orders-s1-1");
        assertThat(reason(STANDBY, PRESENT, new InstanceCommand.Stop(other, 9))).isEqualTo(Reason.WRONG_INSTANCE);
        assertThat(reason(new StoredState(4, other, STANDBY.assignment()), PRESENT, new InstanceCommand.Stop(ME, 9)))
                .isEqualTo(Reason.WRONG_INSTANCE);
        InstanceIdentity sibling = new InstanceIdentity("shop", "orders", "u1", "s0", "orders-s0-2");
        assertThat(reason(new StoredState(4, sibling, STANDBY.assignment()), PRESENT, follow(9, 1, "7")))
                .isEqualTo(Reason.WRONG_INSTANCE);
    }

    @Test
    void aClusterMadeAnewMayTakeItsVolumesBack() {
        InstanceIdentity before = new InstanceIdentity("shop", "orders", "u0", "s0", "orders-s0-1");
        assertThat(reason(new StoredState(4, before, STANDBY.assignment()), PRESENT, follow(5, 1, "7")))
                .isNull();
    }

    @Test
    void bootstrapNeedsAnEmptyVolume() {
        InstanceCommand command = new InstanceCommand.Bootstrap(ME, 5, configuration(1));
        assertThat(reason(new StoredState(0, null, null), EMPTY, command)).isNull();
        assertThat(reason(
                        new StoredState(5, null, null),
                        new DataDirectory(State.INCOMPLETE, null, null, null, null),
                        command))
                .isNull();
        for (State state : List.of(State.PRESENT, State.INCOMPATIBLE, State.UNKNOWN, State.UNREADABLE)) {
            assertThat(reason(PRIMARY, new DataDirectory(state, null, null, null, null), command))
                    .isEqualTo(Reason.DATA_PRESENT);
        }
    }

    @Test
    void theSameBootstrapAgainIsDoneAlready() {
        InstanceCommand same = new InstanceCommand.Bootstrap(ME, 4, configuration(5));
        assertThat(reason(PRIMARY, PRESENT, same)).isNull();
        assertThat(new Admission(ME, PRIMARY, null, PRESENT, false, null).refusal(same))
                .isNotNull();
    }

    @Test
    void followNeedsTheShardsOwnStandbyData() {
        assertThat(reason(STANDBY, PRESENT, follow(4, 5, "7"))).isNull();
        assertThat(reason(STANDBY, PRESENT, follow(5, 1, "7"))).isNull();
        assertThat(reason(STANDBY, PRESENT, follow(4, 4, "7"))).isEqualTo(Reason.STALE_CONFIGURATION);
        assertThat(reason(STANDBY, PRESENT, follow(4, 5, "8"))).isEqualTo(Reason.FOREIGN_DATA);
        assertThat(reason(PRIMARY, PRESENT, follow(4, 6, "7"))).isEqualTo(Reason.PRIMARY_DATA);
        assertThat(reason(PRIMARY, PRESENT, follow(5, 1, "7"))).isNull();
        assertThat(reason(new StoredState(0, null, null), PRESENT, follow(5, 1, "7")))
                .isEqualTo(Reason.FOREIGN_DATA);
        assertThat(reason(STANDBY, new DataDirectory(State.INCOMPATIBLE, null, 16, ME, "newer"), follow(5, 1, "7")))
                .isEqualTo(Reason.INCOMPATIBLE_DATA);
    }

    @Test
    void onlyThePrimaryOfTheVeryTermIsResumed() {
        assertThat(reason(PRIMARY, PRESENT, resume(4, "7"))).isNull();
        assertThat(reason(PRIMARY, PRESENT, resume(5, "7"))).isEqualTo(Reason.NOT_PRIMARY);
        assertThat(reason(STANDBY, PRESENT, resume(4, "7"))).isEqualTo(Reason.NOT_PRIMARY);
        assertThat(reason(PRIMARY, PRESENT, resume(4, "8"))).isEqualTo(Reason.FOREIGN_DATA);
        assertThat(reason(PRIMARY, EMPTY, resume(4, "7"))).isEqualTo(Reason.NO_DATA);
        StoredState promisedHigher = new StoredState(6, ME, PRIMARY.assignment());
        assertThat(reason(promisedHigher, PRESENT, resume(6, "7"))).isEqualTo(Reason.NOT_PRIMARY);
    }

    @Test
    void aConfigurationDoesNotCarryAnInstanceIntoAnotherTerm() {
        assertThat(reason(STANDBY, PRESENT, configure(4, 5))).isNull();
        assertThat(reason(STANDBY, PRESENT, configure(5, 1))).isEqualTo(Reason.NOT_IN_TERM);
        assertThat(reason(PRIMARY, PRESENT, configure(5, 1))).isEqualTo(Reason.NOT_IN_TERM);
        assertThat(reason(new StoredState(5, ME, STANDBY.assignment()), PRESENT, configure(5, 9)))
                .isEqualTo(Reason.NOT_IN_TERM);
        assertThat(reason(PRIMARY, PRESENT, configure(4, 4))).isEqualTo(Reason.STALE_CONFIGURATION);
        assertThat(reason(PRIMARY, EMPTY, configure(4, 5))).isEqualTo(Reason.NO_DATA);
    }

    @Test
    void aRevokeNeedsNothingButATermThatIsNotOver() {
        for (StoredState stored : List.of(PRIMARY, STANDBY, new StoredState(4, null, null))) {
            assertThat(reason(stored, PRESENT, new InstanceCommand.Revoke(ME, 5, false)))
                    .isNull();
            assertThat(reason(stored, EMPTY, new InstanceCommand.Revoke(ME, 4, true)))
                    .isNull();
            assertThat(reason(stored, PRESENT, new InstanceCommand.Revoke(ME, 3, true)))
                    .isEqualTo(Reason.STALE_TERM);
        }
    }

    @Test
    void onlyAStandbyThatWasRevokedInTheTermIsPromoted() {
        InstanceCommand promote = new InstanceCommand.Promote(ME, 5, "7", configuration(1));
        Assignment detached = Objects.requireNonNull(PRIMARY.assignment()).detached(5);
        assertThat(reason(new StoredState(5, ME, detached), PRESENT, promote)).isNull();
        assertThat(reason(new StoredState(5, ME, detached), EMPTY, promote)).isEqualTo(Reason.NO_DATA);
        assertThat(reason(
                        new StoredState(5, ME, detached),
                        PRESENT,
                        new InstanceCommand.Promote(ME, 5, "8", configuration(1))))
                .isEqualTo(Reason.FOREIGN_DATA);
        assertThat(reason(new StoredState(4, ME, detached), PRESENT, promote)).isEqualTo(Reason.NOT_PROMOTABLE);
        assertThat(reason(new StoredState(5, ME, STANDBY.assignment()), PRESENT, promote))
                .isEqualTo(Reason.NOT_PROMOTABLE);
        assertThat(reason(
                        new StoredState(5, ME, Assignment.standby(5, UPSTREAM, "slot", configuration(1))),
                        PRESENT,
                        promote))
                .isEqualTo(Reason.NOT_PROMOTABLE);
        assertThat(reason(new StoredState(5, ME, PRIMARY.assignment()), PRESENT, promote))
                .isEqualTo(Reason.NOT_PROMOTABLE);
        for (Unfinished unfinished : List.of(Unfinished.REWIND, Unfinished.CLONE)) {
            assertThat(reason(new StoredState(5, ME, detached.with(unfinished)), PRESENT, promote))
                    .isEqualTo(Reason.NOT_PROMOTABLE);
        }
        // Again, and after it was cut short.
        Assignment primary = Assignment.primary(5, configuration(1));
        assertThat(reason(new StoredState(5, ME, primary), PRESENT, promote)).isNull();
        assertThat(reason(new StoredState(5, ME, primary.with(Unfinished.PROMOTION)), PRESENT, promote))
                .isNull();
        assertThat(reason(
                        new StoredState(5, ME, primary.with(Unfinished.PROMOTION)),
                        PRESENT,
                        new InstanceCommand.Resume(ME, 5, "7", configuration(1))))
                .isEqualTo(Reason.NOT_PRIMARY);
    }

    @Test
    void onlyTheServerThatWasMeantIsOpened() {
        assertThat(reason(PRIMARY, PRESENT, new InstanceCommand.Open(ME, 4, STARTED)))
                .isNull();
        assertThat(reason(PRIMARY, PRESENT, new InstanceCommand.Open(ME, 4, STARTED.plusMillis(1))))
                .isEqualTo(Reason.SERVER_RESTARTED);
        assertThat(reason(PRIMARY, PRESENT, new InstanceCommand.Open(ME, 5, STARTED)))
                .isEqualTo(Reason.NOT_PRIMARY);
        assertThat(reason(STANDBY, PRESENT, new InstanceCommand.Open(ME, 4, STARTED)))
                .isEqualTo(Reason.NOT_PRIMARY);
        assertThat(reason(PRIMARY, PRESENT, new InstanceCommand.Close(ME, 4))).isNull();
        assertThat(reason(PRIMARY, PRESENT, new InstanceCommand.Close(ME, 5))).isEqualTo(Reason.NOT_PRIMARY);
    }

    @Test
    void withoutItsOwnFilesOnlyTheDataIsReplaced() {
        InstanceCommand replace = new InstanceCommand.Follow(ME, 5, UPSTREAM, "slot", "7", true, configuration(1));
        for (StoredState readable : List.of(new StoredState(0, null, null), new StoredState(4, ME, null), PRIMARY)) {
            Admission admission = new Admission(ME, readable, "promise.json is torn", PRESENT, false, null);
            assertThat(admission.refusal(replace)).isNull();
            for (InstanceCommand command : List.of(
                    follow(5, 1, "7"),
                    resume(4, "7"),
                    configure(4, 9),
                    new InstanceCommand.Revoke(ME, 9, false),
                    new InstanceCommand.Stop(ME, 9),
                    new InstanceCommand.Promote(ME, 9, "7", configuration(1)))) {
                assertThat(Objects.requireNonNull(admission.refusal(command)).reason())
                        .isEqualTo(Reason.PROMISE_UNREADABLE);
            }
        }
        InstanceIdentity sibling = new InstanceIdentity("shop", "orders", "u1", "s0", "orders-s0-2");
        Admission foreign =
                new Admission(ME, new StoredState(0, sibling, null), "promise.json is torn", PRESENT, false, null);
        assertThat(Objects.requireNonNull(foreign.refusal(replace)).reason()).isEqualTo(Reason.WRONG_INSTANCE);
        assertThat(reason(new StoredState(0, null, null), PRESENT, replace)).isEqualTo(Reason.FOREIGN_DATA);
    }

    @Test
    void onlyAStandbyThatKeepsItsPromiseStartsByItself() {
        assertThat(StandbyRestart.harmless(ME, STANDBY, PRESENT)).isTrue();
        assertThat(StandbyRestart.harmless(ME, PRIMARY, PRESENT)).isFalse();
        assertThat(StandbyRestart.harmless(ME, STANDBY, EMPTY)).isFalse();
        Assignment standby = Objects.requireNonNull(STANDBY.assignment());
        for (Unfinished unfinished : List.of(Unfinished.REWIND, Unfinished.CLONE, Unfinished.PROMOTION)) {
            assertThat(StandbyRestart.harmless(ME, new StoredState(4, ME, standby.with(unfinished)), PRESENT))
                    .isFalse();
        }
        assertThat(StandbyRestart.harmless(ME, new StoredState(4, ME, standby.detached(4)), PRESENT))
                .isTrue();
        assertThat(StandbyRestart.harmless(ME, new StoredState(5, ME, standby), PRESENT))
                .isFalse();
        assertThat(StandbyRestart.harmless(ME, new StoredState(4, ME, standby.withStopped(true)), PRESENT))
                .isFalse();
        InstanceIdentity before = new InstanceIdentity("shop", "orders", "u0", "s0", "orders-s0-1");
        assertThat(StandbyRestart.harmless(ME, new StoredState(4, before, standby), PRESENT))
                .isFalse();
    }
}
