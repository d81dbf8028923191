package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardPlan;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.operator.plan.ShardRecord.Configuration;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes wrong decisions of right ones: by what the decision code is told, or by what becomes of what it says. */
final class Sabotage {
    private static final LogPosition NOTHING = new LogPosition(0, Lsn.ZERO);

    private Sabotage() {}

    // ---- of the facts

    static ShardFacts of(ShardFacts facts, Mutant mutant) {
        boolean everybody = mutant == Mutant.PROMOTE_BEFORE_THE_QUORUM && somebodyPromised(facts);
        boolean lost = mutant == Mutant.COUNT_A_LOST_VOLUME;
        if (facts.record().election() == null || !(everybody || lost)) {
            return facts;
        }
        InstanceStatus sample = facts.instances().stream()
                .map(InstanceFacts::status)
                .filter(status -> status != null && status.data().state() == DataDirectory.State.PRESENT)
                .findFirst()
                .orElse(null);
        List<InstanceFacts> instances = facts.instances().stream()
                .map(instance -> everybody || isBlank(instance) ? promising(instance, facts, sample) : instance)
                .toList();
        return new ShardFacts(
                facts.identity(),
                facts.spec(),
                facts.record(),
                instances,
                facts.databaseReady(),
                facts.oldPrimaryStopped(),
                facts.mayRestart(),
                facts.now());
    }

    private static boolean somebodyPromised(ShardFacts facts) {
        return facts.instances().stream().anyMatch(instance -> hasPromised(instance, facts));
    }

    private static boolean hasPromised(InstanceFacts instance, ShardFacts facts) {
        return instance.status() != null
                && instance.status().promisedTerm() == facts.record().term()
                && instance.status().logEnd() != null;
    }

    private static boolean isBlank(InstanceFacts instance) {
        return instance.status() != null && instance.status().data().state() != DataDirectory.State.PRESENT;
    }

    private static InstanceFacts promising(InstanceFacts instance, ShardFacts facts, @Nullable InstanceStatus sample) {
        if (sample == null
                || hasPromised(instance, facts)
                || instance.name().equals(facts.record().primary())) {
            return instance;
        }
        InstanceStatus fake = new InstanceStatus(
                facts.identity().instance(instance.name()),
                sample.bootId(),
                sample.managerVersion(),
                sample.imageMajorVersion(),
                facts.record().term(),
                InstanceRole.STANDBY,
                new DataDirectory(
                        DataDirectory.State.PRESENT,
                        sample.data().systemIdentifier(),
                        15,
                        facts.identity().instance(instance.name()),
                        null),
                sample.postgres(),
                NOTHING,
                null,
                null,
                null,
                1,
                1,
                0,
                sample.takenAt());
        return new InstanceFacts(
                instance.name(),
                instance.ordinal(),
                instance.pod(),
                instance.volumePredatesCluster(),
                fake,
                instance.contact(),
                instance.refusal());
    }

    // ---- of the plan

    static ShardPlan of(ShardPlan plan, ShardFacts facts, Mutant mutant) {
        return switch (mutant) {
            case RECORD_THE_NEW_SET_FIRST -> withoutEarlier(plan);
            case CHANGE_WITHOUT_CONFIRMATION -> isApplied(facts) ? withoutEarlier(plan) : plan;
            case PROMOTE_ONE_BEHIND -> appointingTheLast(plan, facts);
            case OPEN_BEFORE_THE_CONFIRMATIONS -> opening(plan, facts);
            default -> plan;
        };
    }

    private static ShardPlan with(ShardPlan plan, ShardRecord record, List<InstanceCommand> commands) {
        return new ShardPlan(
                record, commands, plan.restart(), plan.replicas(), plan.databaseReachable(), plan.findings());
    }

    private static ShardPlan withoutEarlier(ShardPlan plan) {
        Configuration planned = plan.record().configuration();
        if (planned.earlier().isEmpty()) {
            return plan;
        }
        Configuration alone = new Configuration(
                planned.sequence(),
                planned.fingerprint(),
                planned.synchronous(),
                List.of(),
                planned.leases(),
                planned.acceptClients());
        return with(plan, copy(plan.record(), plan.record().primary(), alone), List.of());
    }

    private static ShardRecord copy(ShardRecord record, @Nullable String primary, Configuration configuration) {
        return new ShardRecord(
                record.shard(),
                record.term(),
                primary,
                record.bootstrapInstance(),
                record.systemIdentifier(),
                configuration,
                record.election(),
                record.lastFailover(),
                record.switchover());
    }

    private static boolean isApplied(ShardFacts facts) {
        InstanceStatus primary = primary(facts);
        return facts.record().election() == null
                && primary != null
                && primary.postgres().configuration() != null
                && primary.postgres().configuration().term() == facts.record().term()
                && primary.postgres().configuration().sequence()
                        == facts.record().configuration().sequence();
    }

    private static @Nullable InstanceStatus primary(ShardFacts facts) {
        return facts.instances().stream()
                .filter(instance -> instance.name().equals(facts.record().primary()))
                .map(InstanceFacts::status)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static ShardPlan appointingTheLast(ShardPlan plan, ShardFacts facts) {
        if (facts.record().election() == null
                || plan.record().election() != null
                || plan.record().lastFailover() == null) {
            return plan;
        }
        return plan.record().lastFailover().positions().entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(last -> with(
                        plan, copy(plan.record(), last.getKey(), plan.record().configuration()), plan.commands()))
                .orElse(plan);
    }

    private static ShardPlan opening(ShardPlan plan, ShardFacts facts) {
        InstanceStatus primary = primary(facts);
        if (primary == null
                || facts.record().election() != null
                || !plan.record().equals(facts.record())
                || primary.role() != InstanceRole.PRIMARY
                || primary.postgres().startedAt() == null
                || primary.postgres().open()) {
            return plan;
        }
        List<InstanceCommand> commands = new ArrayList<>(plan.commands());
        commands.removeIf(command -> command.target().equals(primary.identity()));
        commands.add(new InstanceCommand.Open(
                primary.identity(), facts.record().term(), primary.postgres().startedAt()));
        return with(plan, plan.record(), commands);
    }
}
