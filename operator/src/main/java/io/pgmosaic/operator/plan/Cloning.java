package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Upstream;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The stage before a shard has data on record, of one that begins with another shard's data.
 *
 * <pre>
 * 1. nothing decided                          -> record the first instance, once its volume was seen to be empty
 * 2. the origin is in a later term            -> record that term: what is followed is followed in its term
 * 3. no data                                  -> follow(a standby of the origin): a base backup
 * 4. it does not stream from the primary      -> follow(the origin's primary), whoever that is by now
 * 5. it is cut, and its term is the origin's  -> record a later term, which nobody follows in
 * 6. it has not detached in that term         -> revoke(term)
 * 7. its log has its end                      -> record (term, primary, system identifier); {@link StartingPrimary} promotes it
 * </pre>
 *
 * <p>A clone whose volume is lost before it was recorded as a primary is begun again at 3.
 */
final class Cloning {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final CloneFacts.Origin origin;
    private final List<Finding> findings;
    private final List<InstanceCommand> commands = new ArrayList<>();

    private Cloning(ShardFacts facts, CloneFacts.Origin origin, List<Finding> findings) {
        this.facts = facts;
        this.record = facts.record();
        this.origin = origin;
        this.findings = findings;
    }

    /** @param findings what stands in the way of instances; added to */
    static ShardPlan plan(ShardFacts facts, CloneFacts.Origin origin, List<Finding> findings) {
        return new Cloning(facts, origin, findings).plan();
    }

    private ShardPlan plan() {
        String chosen = record.bootstrapInstance();
        if (chosen == null) {
            return choose();
        }
        if (!origin.isCut() && record.term() < origin.term()) {
            return decided(record.withTerm(origin.term()), chosen, "shard " + origin.shard() + " is cloned");
        }
        InstanceFacts instance = facts.instance(chosen).orElse(null);
        if (instance == null || instance.status() == null || isBlocked(chosen)) {
            if (!isBlocked(chosen)) {
                find(Reason.WAITING_FOR_PODS, chosen, chosen + ": its pod is not there yet");
            }
            return plan(record);
        }
        if (instance.isBusy()) {
            Operation operation = Objects.requireNonNull(instance.status().operation());
            find(
                    Reason.BOOTSTRAPPING,
                    chosen,
                    "shard " + origin.shard() + " is cloned to " + chosen + ": " + operation.step());
            return plan(record);
        }
        Diagnosis.failure(instance).ifPresent(findings::add);
        boolean isEmpty = instance.has(DataDirectory.State.EMPTY) || instance.has(DataDirectory.State.INCOMPLETE);
        return isEmpty || !origin.isCut() ? follow(instance, isEmpty) : cut(instance, instance.status());
    }

    private ShardPlan choose() {
        InstanceFacts first = facts.declared().getFirst();
        boolean isEmpty = first.has(DataDirectory.State.EMPTY) || first.has(DataDirectory.State.INCOMPLETE);
        if (isEmpty) {
            return decided(
                    record.withBootstrap(first.name()),
                    first.name(),
                    "shard " + origin.shard() + " is to be cloned to " + first.name());
        }
        if (findings.isEmpty()) {
            find(
                    Reason.WAITING_FOR_INSTANCES,
                    first.name(),
                    first.name() + ": has not shown an empty volume yet, which a clone needs");
        }
        return plan(record);
    }

    private ShardPlan follow(InstanceFacts instance, boolean isEmpty) {
        @Nullable Upstream upstream = isEmpty ? origin.backup() : origin.primary();
        @Nullable String system = origin.systemIdentifier();
        if (upstream == null || system == null) {
            find(
                    Reason.WAITING_FOR_INSTANCES,
                    instance.name(),
                    instance.name() + ": waits for shard " + origin.shard() + ", which it is a clone of");
        } else if (!follows(instance, upstream)) {
            find(
                    Reason.BOOTSTRAPPING,
                    instance.name(),
                    "shard " + origin.shard() + " is cloned to " + instance.name() + ", from " + upstream.instance());
            commands.add(new InstanceCommand.Follow(
                    facts.identity().instance(instance.name()),
                    record.term(),
                    upstream,
                    origin.slot(),
                    system,
                    Standbys.mustBeReplaced(instance),
                    new PostgresConfiguration(0, facts.spec().postgres().parameters(), "", List.of(), false)));
        } else {
            find(
                    Reason.BOOTSTRAPPING,
                    instance.name(),
                    instance.name() + " has the data of shard " + origin.shard() + " and follows "
                            + upstream.instance());
        }
        return plan(record);
    }

    private boolean follows(InstanceFacts instance, Upstream upstream) {
        InstanceStatus status = instance.status();
        WalReceiver receiver = status == null ? null : status.postgres().receiver();
        return instance.isStandbyOf(record.term())
                && receiver != null
                && receiver.streaming()
                && receiver.upstream().equals(upstream.instance());
    }

    private ShardPlan cut(InstanceFacts instance, InstanceStatus status) {
        String name = instance.name();
        LogPosition end = status.logEnd();
        boolean promised = status.promisedTerm() == record.term();
        if (!instance.isRole(InstanceRole.STANDBY)) {
            find(
                    Reason.FOREIGN_VOLUME,
                    name,
                    name + ": is to become a shard of its own out of a clone, and its volume says " + status.role());
            return plan(record);
        }
        if (promised && end != null && end.timeline() < record.term()) {
            return decided(
                    record.withPrimary(record.term(), name, Objects.requireNonNull(origin.systemIdentifier())),
                    name,
                    name + " has the data of shard " + origin.shard() + " up to " + end
                            + " and becomes a shard of its own");
        }
        boolean followsInThisTerm = promised && end == null && hasDone(status);
        if (record.term() <= origin.term() || followsInThisTerm || (promised && end != null)) {
            long beyond = Math.max(origin.term(), end == null ? 0 : end.timeline());
            return decided(
                    record.withTerm(Math.max(record.term(), beyond) + 1),
                    name,
                    name + " is to follow shard " + origin.shard() + " no more");
        }
        find(Reason.BOOTSTRAPPING, name, name + " reads its log to the end");
        commands.add(new InstanceCommand.Revoke(facts.identity().instance(name), record.term(), false));
        return plan(record);
    }

    /** A standby that was told to follow in a term does so until a later one; what was revoked in it knows its end. */
    private static boolean hasDone(InstanceStatus status) {
        return status.operation() != null && status.operation().state() == Operation.State.SUCCEEDED;
    }

    private boolean isBlocked(String instance) {
        return findings.stream().anyMatch(finding -> finding.subject().equals(instance));
    }

    private ShardPlan decided(ShardRecord next, String instance, String message) {
        find(Reason.BOOTSTRAPPING, instance, message);
        return plan(next);
    }

    private void find(Reason reason, String subject, String message) {
        findings.add(new Finding(reason, subject, message));
    }

    private ShardPlan plan(ShardRecord next) {
        return new ShardPlan(
                next, next.equals(record) ? commands : List.of(), Creation.replicas(facts), false, findings);
    }
}
