package io.pgmosaic.operator.status;

import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.plan.FailoverReport;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.OpenElection;
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
 * @param ownsKeys whether the map gives it any
 */
public record ShardView(
        ShardFacts facts, ShardPlan plan, @Nullable DatabaseReport database, boolean ownsKeys) {
    /** Of a shard that owns keys. */
    public ShardView(ShardFacts facts, ShardPlan plan, @Nullable DatabaseReport database) {
        this(facts, plan, database, true);
    }

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

    /** In one word. While the primary changes that is what it says, unless it is blocked or takes longer than it should. */
    public ShardPhase phase() {
        OpenElection.Kind change = changeOfPrimary();
        if (change != null) {
            return switch (change) {
                case SWITCHOVER -> ShardPhase.SWITCHING_OVER;
                case FAILOVER -> ShardPhase.FAILING_OVER;
            };
        }
        Reason.Severity worst = headline().reason().severity();
        if (isWritable()) {
            return switch (worst) {
                case GOOD -> ShardPhase.READY;
                case PROGRESS -> ShardPhase.UPDATING;
                case DEGRADED, FAILED -> isSettling() ? ShardPhase.UPDATING : ShardPhase.DEGRADED;
            };
        }
        boolean hasOpened = plan.record().configuration().acceptClients() && !isLettingApplicationsIn();
        return worst == Reason.Severity.FAILED || hasOpened ? ShardPhase.FAILED : ShardPhase.CREATING;
    }

    /**
     * Whether the primary takes writes, and all that is missing is that it has not yet read that applications may come in. It
     * serves without those of its standbys that are still starting.
     */
    private boolean isLettingApplicationsIn() {
        return plan.databaseReachable()
                && findings().stream()
                        .map(Finding::reason)
                        .filter(reason -> reason != Reason.STANDBY_DOWN)
                        .allMatch(reason -> reason.severity().compareTo(Reason.Severity.PROGRESS) <= 0);
    }

    /** What is under way and on its way to succeed: the search for the primary, or what makes the chosen one take writes. */
    private OpenElection.@Nullable Kind changeOfPrimary() {
        OpenElection election = plan.record().election();
        if (election != null) {
            return plan.findings().stream().anyMatch(finding -> finding.reason() == Reason.FAILOVER_BLOCKED)
                    ? null
                    : election.kind();
        }
        FailoverReport last = plan.record().lastFailover();
        return last != null
                        && last.term() == plan.record().term()
                        && !isWritable()
                        && !facts.isOverdue(last.decidedAt())
                        && plan.findings().stream().noneMatch(finding -> isFailureOf(last.newPrimary(), finding))
                ? last.kind()
                : null;
    }

    /** Whether nothing is wrong but that the former primary has not come back as a standby yet after it handed over. */
    private boolean isSettling() {
        FailoverReport last = plan.record().lastFailover();
        return last != null
                && last.kind() == OpenElection.Kind.SWITCHOVER
                && last.term() == plan.record().term()
                && !facts.isOverdue(last.decidedAt())
                && findings().stream()
                        .filter(finding -> finding.reason().severity().compareTo(Reason.Severity.DEGRADED) >= 0)
                        .allMatch(finding -> finding.reason() == Reason.STANDBY_DOWN);
    }

    private static boolean isFailureOf(String primary, Finding finding) {
        return finding.reason().severity() == Reason.Severity.FAILED
                && finding.subject().equals(primary);
    }
}
