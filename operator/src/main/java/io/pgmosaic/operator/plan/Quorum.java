package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether the promises suffice to appoint a primary, and whom. Three ways lead to it:
 *
 * <pre>
 * by the standbys    of every recorded set of n standbys and k acknowledgements, n - k + 1 have promised: so one of them
 *                    holds any commit that was acknowledged, and the old primary gets nothing acknowledged any more
 * by the old primary it has promised, so it has stopped, and holds everything that it acknowledged
 * by time            commits waited for nobody (k = 0), and the old primary has provably stopped, or its lease has run out:
 *                    so many have promised that the rest is no majority, for longer than the lease. What only the old
 *                    primary held is lost; the bound is what the operator had seen of its log
 * </pre>
 *
 * <p>The first two lose nothing acknowledged (design: sections 3 and 4; docs/spec/ShardFailover.tla).
 */
final class Quorum {
    /**
     * The instances of which any may be appointed.
     *
     * @param lossBound bytes, see {@link FailoverReport#dataLossBound}
     */
    record Reached(List<String> eligible, @Nullable Long lossBound) {}

    /**
     * @param reached null when the promises do not suffice
     * @param missing what is waited for, for a person; empty when they do
     */
    record Verdict(@Nullable Reached reached, String missing) {}

    private final ShardFacts facts;
    private final ShardRecord record;
    private final String oldPrimary;

    private Quorum(ShardFacts facts, String oldPrimary) {
        this.facts = facts;
        this.record = facts.record();
        this.oldPrimary = oldPrimary;
    }

    /** What the promises of the present term allow. */
    static Verdict of(ShardFacts facts, Promises promises, String oldPrimary) {
        return new Quorum(facts, oldPrimary).verdict(promises);
    }

    /**
     * Whether an election could succeed if everybody who answers now promised: it is not begun otherwise, since taking the
     * promises of a few stops them from acknowledging and helps nobody.
     */
    static boolean isWithinReach(ShardFacts facts, String oldPrimary) {
        Set<String> answering = facts.instances().stream()
                .filter(instance -> instance.answers()
                        && !instance.name().equals(oldPrimary)
                        && Promises.holdsShard(instance, facts))
                .map(InstanceFacts::name)
                .collect(Collectors.toSet());
        Quorum quorum = new Quorum(facts, oldPrimary);
        if (answering.isEmpty()) {
            return false;
        }
        List<SynchronousSet> unmet = quorum.unmet(answering);
        // One without data holds nothing, and can promise all the same to confirm nobody's lease.
        long mayPromise = facts.others().stream().filter(InstanceFacts::answers).count();
        boolean onlyByTime = unmet.stream().allMatch(set -> set.acknowledgements() == 0);
        return unmet.isEmpty()
                || (onlyByTime && quorum.leavesNoMajority(mayPromise) && quorum.lossIsAllowed())
                || facts.instance(oldPrimary)
                        .filter(primary -> primary.answers() && Promises.holdsShard(primary, facts))
                        .isPresent();
    }

    private Verdict verdict(Promises promises) {
        List<SynchronousSet> unmet = unmet(promises.names());
        if (unmet.isEmpty()) {
            LogPosition acknowledged = promises.furthest(record.configuration().members());
            return new Verdict(new Reached(promises.atLeast(acknowledged), 0L), "");
        }
        if (promises.has(oldPrimary)) {
            return new Verdict(new Reached(promises.atLeast(promises.end(oldPrimary)), 0L), "");
        }
        if (unmet.stream().anyMatch(set -> set.acknowledgements() > 0)) {
            return new Verdict(null, missingPromises(promises, unmet));
        }
        return byTime(promises);
    }

    private List<SynchronousSet> unmet(Set<String> promised) {
        return record.configuration().inQuestion().stream()
                .filter(set -> !set.isMetBy(promised))
                .toList();
    }

    private Verdict byTime(Promises promises) {
        if (promises.names().isEmpty()) {
            return new Verdict(null, "no standby has promised yet");
        }
        if (!oldPrimaryHasEnded()) {
            return new Verdict(
                    null,
                    "commits waited for no standby, so the old primary " + oldPrimary
                            + " must be known to have stopped: "
                            + (mustEnd()
                                    ? "waiting until its lease of "
                                            + longestLease().toMillis() + " ms has run out, or it answers"
                                    : "it may run without a lease, so waiting until it answers"));
        }
        List<String> furthest = promises.atLeast(promises.furthest(promises.names()));
        Long bound = lossBound(promises.end(furthest.getFirst()));
        if (facts.spec().replication().mode() != ReplicationMode.ASYNC
                && (bound == null || bound > facts.timings().maxDataLossBytes())) {
            return new Verdict(
                    null,
                    "commits went on without a standby, and "
                            + (bound == null ? "it is not known how much" : bound + " bytes of log, at least, are")
                            + " on " + oldPrimary + " alone; more than failover.maxDataLossBytes ("
                            + facts.timings().maxDataLossBytes() + ") allows. Bring " + oldPrimary
                            + " back, or raise the limit to go on without");
        }
        // That nothing more was seen does not say that nothing more was written.
        return new Verdict(new Reached(furthest, bound == null || bound == 0 ? null : bound), "");
    }

    private boolean lossIsAllowed() {
        return facts.spec().replication().mode() == ReplicationMode.ASYNC
                || facts.timings().maxDataLossBytes() > 0;
    }

    /** What the operator had seen of the old primary's log beyond this position. */
    private @Nullable Long lossBound(LogPosition chosen) {
        LogPosition seen = facts.instance(oldPrimary)
                .map(primary -> primary.contact().lastWritten())
                .orElse(null);
        return seen == null || seen.timeline() != chosen.timeline()
                ? null
                : Long.valueOf(Math.max(0, seen.lsn().minus(chosen.lsn())));
    }

    /** A pod that is not there proves nothing: deleted by force it may run on where nobody sees it. */
    private boolean oldPrimaryHasEnded() {
        return facts.oldPrimaryStopped()
                || facts.instance(oldPrimary)
                        .filter(primary ->
                                primary.address() != null && primary.pod().ended())
                        .isPresent()
                || leaseIsOver();
    }

    /** So many have promised, for so long, that nobody can have lengthened the old primary's lease since. */
    private boolean leaseIsOver() {
        List<Duration> since = new ArrayList<>();
        for (InstanceFacts instance : facts.others()) {
            if (instance.status() != null
                    && instance.status().promisedTerm() >= record.term()
                    && instance.contact().promisedFor() != null) {
                since.add(instance.contact().promisedFor());
            }
        }
        since.sort(Comparator.reverseOrder());
        int needed = promisesThatLeaveNoMajority();
        return mustEnd()
                && since.size() >= needed
                && (needed == 0 || since.get(needed - 1).compareTo(FailoverTimings.isOver(longestLease())) >= 0);
    }

    private boolean leavesNoMajority(long promised) {
        return mustEnd() && promised >= promisesThatLeaveNoMajority();
    }

    // ---- the lease, by any of the rules that the old primary may still go by
    // ------------------------------------------

    private List<PostgresConfiguration.Lease> leases() {
        List<PostgresConfiguration.Lease> recorded = record.configuration().leases();
        return recorded.isEmpty() ? List.of(Configurations.lease(facts)) : recorded;
    }

    /** One that has no lease, as before it had any standby, never stops itself. */
    private boolean mustEnd() {
        return leases().stream().allMatch(lease -> lease.millis() > 0 && lease.members() > 1);
    }

    private Duration longestLease() {
        return Duration.ofMillis(leases().stream()
                .mapToLong(PostgresConfiguration.Lease::millis)
                .max()
                .orElseThrow());
    }

    /**
     * Of n members a majority is n / 2 + 1, the primary among them: so n / 2 others confirm it. Whoever follows the primary is
     * heard, whether it is declared or not, so those that have not promised must be fewer than that.
     */
    private int promisesThatLeaveNoMajority() {
        int fewest = Integer.MAX_VALUE;
        int others = facts.others().size();
        for (PostgresConfiguration.Lease lease : leases()) {
            fewest = Math.min(fewest, lease.members());
            others = Math.max(others, lease.members() - 1);
        }
        return others - fewest / 2 + 1;
    }

    private String missingPromises(Promises promises, List<SynchronousSet> unmet) {
        SynchronousSet set = unmet.getFirst();
        Set<String> missing = new TreeSet<>(set.standbys());
        missing.removeAll(promises.names());
        return "of the standbys " + String.join(", ", set.standbys()) + ", " + set.promisesNeeded()
                + " must promise, since a commit may be on any " + set.acknowledgements()
                + " of them alone; promised: "
                + (promises.names().isEmpty() ? "none" : String.join(", ", promises.names()))
                + "; waiting for " + String.join(", ", missing) + " or for the old primary " + oldPrimary;
    }
}
