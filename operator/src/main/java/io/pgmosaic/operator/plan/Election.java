package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way to the next primary of a shard, from the record alone: an operator that takes over goes on where it stands.
 *
 * <pre>
 * 1. take a term         record (term + 1, election); whoever writes second loses
 * 2. revoke              revoke(term) to everybody who answers; in a switchover to the primary first, which hands over the
 *                        last of its log and ends, and then to the others
 * 3. quorum              wait until the promises suffice, see {@link Quorum}
 * 4. decide              record (primary, its first synchronous set) in this term
 * 5. promote, follow     is {@link Upkeep}'s: the recorded primary is made one, the others follow it
 * </pre>
 */
final class Election {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final OpenElection election;
    private final String oldPrimary;
    private final Promises promises;
    private final List<Finding> findings = new ArrayList<>();

    private Election(ShardFacts facts, OpenElection election) {
        this.facts = facts;
        this.record = facts.record();
        this.election = election;
        this.oldPrimary = Objects.requireNonNull(record.primary(), "an election follows a primary");
        this.promises = Promises.of(facts);
    }

    /** The record in which the election of a suspected primary's successor is open. */
    static ShardRecord begun(ShardFacts facts, Suspicion suspicion) {
        return opened(
                facts,
                new OpenElection(
                        OpenElection.Kind.FAILOVER,
                        suspicion.cause(),
                        suspicion.message(),
                        null,
                        facts.now().minus(suspicion.since()),
                        facts.now()));
    }

    /** The record in which the primary is to hand over. */
    static ShardRecord begun(ShardFacts facts, Handover handover) {
        return opened(
                facts,
                new OpenElection(
                        OpenElection.Kind.SWITCHOVER,
                        handover.cause(),
                        handover.message(),
                        handover.target(),
                        facts.now(),
                        facts.now()));
    }

    /** Above every term that anybody has promised and every timeline that was ever opened. */
    private static ShardRecord opened(ShardFacts facts, OpenElection election) {
        long highest = facts.record().term();
        for (InstanceFacts instance : facts.instances()) {
            InstanceStatus status = instance.status();
            if (status != null) {
                highest = Math.max(highest, Math.max(status.promisedTerm(), timeline(status)));
            }
        }
        return facts.record().withElection(highest + 1, election);
    }

    private static long timeline(InstanceStatus status) {
        return Math.max(
                status.postgres().timeline(),
                status.logEnd() == null ? 0 : status.logEnd().timeline());
    }

    static ShardPlan plan(ShardFacts facts, OpenElection election) {
        return new Election(facts, election).plan();
    }

    private ShardPlan plan() {
        for (InstanceFacts instance : facts.instances()) {
            Diagnosis.obstacle(instance, record.systemIdentifier()).ifPresent(findings::add);
        }
        Quorum.Verdict verdict = handsOver() && !primaryHasEnded()
                ? new Quorum.Verdict(null, "waiting until " + oldPrimary + " has handed over its log and ended")
                : Quorum.of(facts, promises, oldPrimary);
        Optional<String> chosen = Optional.ofNullable(verdict.reached()).flatMap(this::choose);
        if (verdict.reached() != null && chosen.isPresent()) {
            return decide(chosen.get(), verdict.reached().lossBound());
        }
        findings.add(new Finding(
                facts.isOverdue(election.startedAt()) ? Reason.FAILOVER_BLOCKED : Reason.FAILING_OVER,
                facts.identity().shard(),
                "term " + record.term() + " has no primary yet (" + election.message() + "): "
                        + (verdict.reached() == null ? verdict.missing() : "waiting for " + election.target())));
        return new ShardPlan(record, revocations(), replicas(), false, findings);
    }

    // ---- revoke ------------------------------------------------------------------------------------------------

    /** In good order while the old primary answers; as a failover once it does not. */
    private boolean handsOver() {
        return election.kind() == OpenElection.Kind.SWITCHOVER
                && facts.instance(oldPrimary)
                        .filter(primary -> !primary.pod().ended()
                                && (primary.contact().silentFor() == null
                                        || primary.contact()
                                                        .silentFor()
                                                        .compareTo(
                                                                facts.timings().detection())
                                                < 0))
                        .isPresent();
    }

    private boolean primaryHasEnded() {
        return facts.instance(oldPrimary)
                .filter(primary -> hasPromised(primary) && !primary.isRole(InstanceRole.PRIMARY))
                .isPresent();
    }

    private List<InstanceCommand> revocations() {
        boolean primaryFirst = handsOver() && !primaryHasEnded();
        List<InstanceCommand> commands = new ArrayList<>();
        for (InstanceFacts instance : facts.instances()) {
            boolean turn = !primaryFirst || instance.name().equals(oldPrimary);
            boolean settled = promises.has(instance.name()) || (hasPromised(instance) && instance.isBusy());
            if (turn && instance.status() != null && instance.address() != null && !settled) {
                commands.add(new InstanceCommand.Revoke(
                        facts.identity().instance(instance.name()),
                        record.term(),
                        election.kind() == OpenElection.Kind.SWITCHOVER));
            }
        }
        return commands;
    }

    private boolean hasPromised(InstanceFacts instance) {
        return instance.status() != null && instance.status().promisedTerm() >= record.term();
    }

    // ---- decide ------------------------------------------------------------------------------------------------

    /**
     * Of those that hold everything: the target; else, unless there is still time for it, one that is declared, is not
     * fenced, was not the primary whose loss began this, goes furthest, and has the lowest ordinal.
     */
    private Optional<String> choose(Quorum.Reached reached) {
        List<InstanceFacts> eligible = facts.instances().stream()
                .filter(instance -> reached.eligible().contains(instance.name())
                        && instance.answers()
                        && instance.address() != null
                        && !Fencing.isFenced(facts, instance.name()))
                .toList();
        String target = election.target();
        if (target != null) {
            if (eligible.stream().anyMatch(instance -> instance.name().equals(target))) {
                return Optional.of(target);
            }
            Duration waited = Duration.between(election.startedAt(), facts.now());
            if (waited.compareTo(FailoverTimings.SWITCHOVER_PATIENCE) < 0) {
                return Optional.empty();
            }
        }
        return eligible.stream()
                .min(Comparator.comparing((InstanceFacts instance) ->
                                instance.ordinal() >= facts.spec().instancesPerShard())
                        .thenComparing(instance -> instance.pod().leaving() != null)
                        .thenComparing(instance -> instance.name().equals(oldPrimary))
                        .thenComparing(instance -> promises.end(instance.name()), Comparator.reverseOrder())
                        .thenComparingInt(InstanceFacts::ordinal))
                .map(InstanceFacts::name);
    }

    private ShardPlan decide(String chosen, @Nullable Long lossBound) {
        LogPosition end = promises.end(chosen);
        FailoverReport report = new FailoverReport(
                election.kind(),
                record.term(),
                oldPrimary,
                chosen,
                election.cause(),
                election.message(),
                promises.ends(),
                lossBound,
                election.suspectedAt(),
                election.startedAt(),
                facts.now());
        SynchronousSet first = firstSet(chosen);
        boolean acceptClients = record.configuration().acceptClients();
        ShardRecord.Configuration configuration = new ShardRecord.Configuration(
                1,
                Configurations.fingerprint(facts, chosen, first, acceptClients),
                first,
                beforeFirst(chosen, first),
                List.of(Configurations.lease(facts)),
                acceptClients);
        ShardRecord decided = record.decided(chosen, configuration, report).withSwitchover(outcome(chosen));
        findings.add(new Finding(
                Reason.FAILING_OVER,
                facts.identity().shard(),
                chosen + " is appointed the primary of term " + record.term() + ", its log ends at " + end));
        return new ShardPlan(decided, List.of(), replicas(), false, findings);
    }

    /**
     * The others that have promised are there and can acknowledge; when they are too few, all that are declared may, and
     * commits wait for the first of them.
     */
    private SynchronousSet firstSet(String chosen) {
        int wanted = Math.min(facts.acknowledgements(), facts.declared().size() - 1);
        if (wanted <= 0) {
            return SynchronousSet.none();
        }
        List<String> others = SynchronousSets.candidates(facts, chosen);
        List<String> there = others.stream().filter(promises::has).toList();
        if (there.size() >= wanted) {
            return new SynchronousSet(there, wanted);
        }
        return facts.spec().replication().durability() == Durability.PREFERRED
                ? new SynchronousSet(there, there.size())
                : new SynchronousSet(others, Math.min(wanted, others.size()));
    }

    /**
     * What the new primary holds may be on it and on one more alone, and that one need not be in its first set. Until the
     * first set has confirmed the log at its beginning, everybody who may hold an acknowledged commit is asked again in a
     * further election.
     */
    private List<SynchronousSet> beforeFirst(String chosen, SynchronousSet first) {
        Set<String> holders = new TreeSet<>(record.configuration().members());
        holders.add(oldPrimary);
        holders.remove(chosen);
        return record.configuration().inQuestion().stream()
                .map(SynchronousSet::acknowledgements)
                .filter(acknowledgements -> acknowledgements > 0)
                .min(Comparator.naturalOrder())
                .map(least -> new SynchronousSet(List.copyOf(holders), Math.min(least, holders.size())))
                .filter(before -> !before.equals(first))
                .map(List::of)
                .orElse(List.of());
    }

    private @Nullable SwitchoverOutcome outcome(String chosen) {
        SwitchoverOutcome asked = record.switchover();
        if (asked == null || asked.state() != SwitchoverOutcome.State.RUNNING) {
            return asked;
        }
        return new SwitchoverOutcome(
                asked.to(),
                asked.request(),
                SwitchoverOutcome.State.DONE,
                asked.to().equals(chosen)
                        ? chosen + " was appointed in term " + record.term()
                        : asked.to() + " did not get the last of the log in time; " + chosen + " was appointed in term "
                                + record.term());
    }

    /** Nobody's pod goes while a promise of it may be needed. */
    private int replicas() {
        return facts.instances().stream()
                .mapToInt(instance -> instance.ordinal() + 1)
                .reduce(facts.spec().instancesPerShard(), Math::max);
    }
}
