package io.pgmosaic.operator.status;

import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardPlan;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that is known of a shard after a pass.
 *
 * @param database the last report; null before the first
 */
public record ShardView(
        ShardFacts facts, ShardPlan plan, @Nullable DatabaseReport database) {
    /** Whether applications can write to it now. */
    public boolean isWritable() {
        return plan.databaseReachable()
                && facts.instances().stream()
                        .filter(instance -> instance.name().equals(plan.record().primary()))
                        .anyMatch(InstanceFacts::acceptsClients);
    }

    /** Whether something is under way in which time matters, so that it is worth looking again soon. */
    public boolean isUnsettled() {
        return plan.record().election() != null
                || (plan.record().configuration().acceptClients() && !isWritable())
                || facts.instances().stream()
                        .filter(instance -> instance.name().equals(plan.record().primary()))
                        .anyMatch(primary -> primary.contact().silentFor() != null
                                || primary.contact().notRunningFor() != null);
    }

    /** All findings, worst first. */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(plan.findings());
        if (database != null) {
            all.addAll(database.findings());
        }
        all.sort(Comparator.comparing((Finding finding) -> finding.reason().severity())
                .reversed());
        return all;
    }

    /** The most important finding. */
    public Finding headline() {
        return findings().getFirst();
    }

    public ShardPhase phase() {
        Reason.Severity worst = headline().reason().severity();
        if (isWritable()) {
            return switch (worst) {
                case GOOD -> ShardPhase.READY;
                case PROGRESS -> ShardPhase.UPDATING;
                case DEGRADED, FAILED -> ShardPhase.DEGRADED;
            };
        }
        boolean wasOpen = plan.record().configuration().acceptClients();
        return worst == Reason.Severity.FAILED || wasOpen ? ShardPhase.FAILED : ShardPhase.CREATING;
    }
}
