package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.ConfigurationState;
import io.pgmosaic.api.v1alpha1.cluster.ElectionState;
import io.pgmosaic.api.v1alpha1.cluster.FailoverState;
import io.pgmosaic.api.v1alpha1.cluster.LeaseState;
import io.pgmosaic.api.v1alpha1.cluster.PositionState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverState;
import io.pgmosaic.api.v1alpha1.cluster.SynchronousSetState;
import io.pgmosaic.operator.plan.FailoverReport;
import io.pgmosaic.operator.plan.OpenElection;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.operator.plan.SwitchoverOutcome;
import io.pgmosaic.operator.plan.SynchronousSet;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Between the status as it is stored and the record that plans work with. */
public final class Records {
    private Records() {}

    public static ShardRecord of(ShardState state) {
        return new ShardRecord(
                state.name(),
                state.term(),
                state.primary(),
                state.bootstrapInstance(),
                state.systemIdentifier(),
                state.configuration() == null ? ShardRecord.Configuration.none() : configuration(state.configuration()),
                state.election() == null ? null : election(state.election()),
                state.lastFailover() == null ? null : report(state.lastFailover()),
                state.switchover() == null ? null : outcome(state.switchover()));
    }

    /** The state with its recorded part replaced. */
    public static ShardState with(ShardState state, ShardRecord record) {
        FailoverState last = state.lastFailover();
        FailoverReport report = record.lastFailover();
        boolean sameReport = last != null && report != null && last.term() == report.term();
        return state.decided(
                record.term(),
                record.primary(),
                record.bootstrapInstance(),
                record.systemIdentifier(),
                state(record.configuration()),
                record.election() == null ? null : state(record.election()),
                sameReport || report == null ? last : state(report),
                record.switchover() == null ? null : state(record.switchover()));
    }

    private static ShardRecord.Configuration configuration(ConfigurationState state) {
        return new ShardRecord.Configuration(
                state.sequence(),
                state.fingerprint(),
                new SynchronousSet(state.synchronousStandbys(), state.acknowledgements()),
                state.earlier().stream()
                        .map(set -> new SynchronousSet(set.standbys(), set.acknowledgements()))
                        .toList(),
                state.leases().stream()
                        .map(lease -> new PostgresConfiguration.Lease(lease.millis(), lease.members()))
                        .toList(),
                state.acceptClients());
    }

    private static ConfigurationState state(ShardRecord.Configuration configuration) {
        return new ConfigurationState(
                configuration.sequence(),
                configuration.fingerprint(),
                configuration.synchronous().standbys(),
                configuration.synchronous().acknowledgements(),
                configuration.earlier().stream()
                        .map(set -> new SynchronousSetState(set.standbys(), set.acknowledgements()))
                        .toList(),
                configuration.leases().stream()
                        .map(lease -> new LeaseState(lease.millis(), lease.members()))
                        .toList(),
                configuration.acceptClients());
    }

    private static OpenElection election(ElectionState state) {
        return new OpenElection(
                kind(state.kind()),
                state.cause(),
                state.message(),
                state.target(),
                Instant.parse(state.suspectedAt()),
                Instant.parse(state.startedAt()));
    }

    private static ElectionState state(OpenElection election) {
        return new ElectionState(
                election.kind().word(),
                election.cause(),
                election.message(),
                election.target(),
                election.suspectedAt().toString(),
                election.startedAt().toString());
    }

    private static FailoverReport report(FailoverState state) {
        SequencedMap<String, LogPosition> positions = new LinkedHashMap<>();
        for (PositionState position : state.positions()) {
            positions.put(position.instance(), new LogPosition(position.timeline(), Lsn.parse(position.lsn())));
        }
        return new FailoverReport(
                kind(state.kind()),
                state.term(),
                state.oldPrimary(),
                state.newPrimary(),
                state.cause(),
                state.message(),
                positions,
                state.dataLossBoundBytes(),
                Instant.parse(state.suspectedAt()),
                Instant.parse(state.startedAt()),
                Instant.parse(state.decidedAt()));
    }

    private static FailoverState state(FailoverReport report) {
        return new FailoverState(
                report.kind().word(),
                report.term(),
                report.oldPrimary(),
                report.newPrimary(),
                report.cause(),
                report.message(),
                report.positions().entrySet().stream()
                        .map(position -> new PositionState(
                                position.getKey(),
                                position.getValue().timeline(),
                                position.getValue().lsn().toString()))
                        .toList(),
                report.dataLossBound(),
                report.suspectedAt().toString(),
                report.startedAt().toString(),
                report.decidedAt().toString(),
                null,
                null);
    }

    private static SwitchoverOutcome outcome(SwitchoverState state) {
        for (SwitchoverOutcome.State known : SwitchoverOutcome.State.values()) {
            if (known.word().equals(state.state())) {
                return new SwitchoverOutcome(state.to(), state.request(), known, state.message());
            }
        }
        throw new IllegalArgumentException("unknown state of a switchover: " + state.state());
    }

    private static SwitchoverState state(SwitchoverOutcome outcome) {
        return new SwitchoverState(
                outcome.to(), outcome.request(), outcome.state().word(), outcome.message());
    }

    private static OpenElection.Kind kind(@Nullable String word) {
        for (OpenElection.Kind kind : OpenElection.Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown kind of an election: " + word);
    }
}
