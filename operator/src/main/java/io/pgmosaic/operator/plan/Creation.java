package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The stage before a shard has data on record.
 *
 * <pre>
 * 0. it begins with another shard's data   -> {@link Cloning}
 * 1. any volume holds data            -> adopt it, see {@link #adopt}; never create beside it
 * 2. nothing decided                  -> wait until the first instance, and every instance whose volume is older than the
 *                                        cluster object, has shown an empty volume; record (term 1, first instance)
 * 3. decided, not done                -> bootstrap(term) to that instance, however often
 * 4. it reports a primary with a
 *    system identifier                -> record (primary, system identifier); from then on {@link Upkeep}
 * </pre>
 *
 * <p>Property kept: a database is created at most once in the life of a shard, and never while a volume that may hold its
 * data has not been looked at.
 */
final class Creation {
    private Creation() {}

    static ShardPlan plan(ShardFacts facts) {
        List<Finding> findings = new ArrayList<>();
        for (InstanceFacts instance : facts.declared()) {
            Diagnosis.obstacle(instance, null).ifPresent(findings::add);
        }
        CloneFacts.Origin origin = facts.clones().origin();
        if (origin != null) {
            return Cloning.plan(facts, origin, findings);
        }
        ShardRecord record = facts.record();
        if (record.bootstrapInstance() != null) {
            return bootstrap(facts, findings, record.bootstrapInstance());
        }
        List<InstanceFacts> withData = facts.instances().stream()
                .filter(instance -> instance.has(DataDirectory.State.PRESENT))
                .toList();
        if (!withData.isEmpty()) {
            return adopt(facts, findings, withData);
        }
        return decide(facts, findings);
    }

    private static ShardPlan decide(ShardFacts facts, List<Finding> findings) {
        InstanceFacts first = facts.declared().getFirst();
        boolean firstIsEmpty = first.has(DataDirectory.State.EMPTY) || first.has(DataDirectory.State.INCOMPLETE);
        List<String> unseen = facts.instances().stream()
                .filter(instance -> instance.volumePredatesCluster() && instance.status() == null)
                .map(InstanceFacts::name)
                .toList();
        if (firstIsEmpty && unseen.isEmpty()) {
            findings.add(new Finding(
                    Reason.BOOTSTRAPPING, first.name(), "the database is to be created on " + first.name()));
            return new ShardPlan(
                    facts.record().withBootstrap(first.name()), List.of(), replicas(facts), false, findings);
        }
        if (!unseen.isEmpty()) {
            findings.add(new Finding(
                    Reason.WAITING_FOR_INSTANCES,
                    facts.identity().shard(),
                    "volumes older than this cluster may hold its data; waiting to see those of "
                            + String.join(", ", unseen)));
        } else if (findings.isEmpty()) {
            findings.add(new Finding(
                    Reason.WAITING_FOR_INSTANCES, first.name(), first.name() + ": has not shown its volume yet"));
        }
        return new ShardPlan(facts.record(), List.of(), replicas(facts), false, findings);
    }

    private static ShardPlan bootstrap(ShardFacts facts, List<Finding> findings, String chosen) {
        ShardRecord record = facts.record();
        Optional<InstanceFacts> found = facts.instance(chosen);
        boolean blocked =
                findings.stream().anyMatch(finding -> finding.subject().equals(chosen));
        if (found.isEmpty() || blocked) {
            if (!blocked) {
                findings.add(new Finding(Reason.WAITING_FOR_PODS, chosen, chosen + ": its pod is not there yet"));
            }
            return new ShardPlan(record, List.of(), replicas(facts), false, findings);
        }
        InstanceFacts instance = found.get();
        InstanceStatus status = Objects.requireNonNull(instance.status(), "an instance without obstacle has a status");
        // Also when PostgreSQL does not run: a bootstrap that was cut short after initdb is completed by a resume.
        if (instance.isRole(InstanceRole.PRIMARY)
                && status.promisedTerm() == record.term()
                && status.data().systemIdentifier() != null
                && !instance.isBusy()) {
            findings.add(new Finding(Reason.BOOTSTRAPPING, chosen, "the database was created on " + chosen));
            return new ShardPlan(
                    record.withPrimary(record.term(), chosen, status.data().systemIdentifier()),
                    List.of(),
                    replicas(facts),
                    false,
                    findings);
        }
        Diagnosis.failure(instance).ifPresent(findings::add);
        findings.add(new Finding(
                Reason.BOOTSTRAPPING,
                chosen,
                "the database is being created on " + chosen
                        + (status.operation() == null
                                ? ""
                                : " (" + status.operation().step() + ")")));
        List<InstanceCommand> commands = instance.isBusy()
                ? List.of()
                : List.of(new InstanceCommand.Bootstrap(
                        facts.identity().instance(chosen), record.term(), firstConfiguration(facts)));
        return new ShardPlan(record, commands, replicas(facts), false, findings);
    }

    /** Nobody waits for standbys before there are any; the first configuration of {@link Upkeep} sets their names. */
    private static PostgresConfiguration firstConfiguration(ShardFacts facts) {
        return new PostgresConfiguration(
                0,
                facts.spec().postgres().parameters(),
                "",
                Configurations.slots(facts, facts.record().bootstrapInstance()),
                false);
    }

    /**
     * Takes over the volumes of an earlier cluster of this name. The newest primary is the one that was primary in the
     * highest term that any volume has promised; that can be said only when every declared instance has been seen, and
     * only when exactly one claims it.
     */
    private static ShardPlan adopt(ShardFacts facts, List<Finding> findings, List<InstanceFacts> withData) {
        List<String> unseen = facts.instances().stream()
                .filter(instance -> instance.status() == null)
                .map(InstanceFacts::name)
                .toList();
        if (!unseen.isEmpty()) {
            findings.add(new Finding(
                    Reason.ADOPTING,
                    facts.identity().shard(),
                    "volumes with data were found; before one is chosen, all must be seen. Missing: "
                            + String.join(", ", unseen)));
            return new ShardPlan(facts.record(), List.of(), replicas(facts), false, findings);
        }
        long highestTerm = facts.instances().stream()
                .map(InstanceFacts::status)
                .filter(Objects::nonNull)
                .mapToLong(InstanceStatus::promisedTerm)
                .max()
                .orElse(0);
        List<InstanceFacts> primaries = withData.stream()
                .filter(instance -> instance.isRole(InstanceRole.PRIMARY)
                        && instance.status() != null
                        && instance.status().promisedTerm() == highestTerm)
                .toList();
        boolean foreign = findings.stream().anyMatch(finding -> finding.reason() == Reason.FOREIGN_VOLUME);
        InstanceStatus only = primaries.size() == 1 ? primaries.getFirst().status() : null;
        if (foreign || highestTerm < 1 || only == null || only.data().systemIdentifier() == null) {
            findings.add(new Finding(
                    Reason.ADOPTION_UNCLEAR,
                    facts.identity().shard(),
                    "volumes with data were found, and it is not clear which holds the newest primary ("
                            + primaries.size() + " claim it in term " + highestTerm
                            + "); nothing was changed. Look at the volumes, keep the claim of the primary whose data is"
                            + " right, and delete the claims of the others; they are cloned from it"));
            return new ShardPlan(facts.record(), List.of(), replicas(facts), false, findings);
        }
        String name = primaries.getFirst().name();
        findings.add(new Finding(
                Reason.ADOPTING,
                name,
                "the kept volume of " + name + " is taken over as the primary of term " + highestTerm));
        return new ShardPlan(
                facts.record().withPrimary(highestTerm, name, only.data().systemIdentifier()),
                List.of(),
                replicas(facts),
                false,
                findings);
    }

    /** Volumes beyond the declared instances may hold the newest data: their pods are started to look at them. */
    static int replicas(ShardFacts facts) {
        return facts.instances().stream()
                .filter(instance -> instance.volumePredatesCluster() || instance.address() != null)
                .mapToInt(instance -> instance.ordinal() + 1)
                .reduce(facts.spec().instancesPerShard(), Math::max);
    }
}
