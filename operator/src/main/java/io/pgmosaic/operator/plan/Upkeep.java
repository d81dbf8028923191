package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;

import java.util.Objects;
import java.util.Optional;

/**
 * The stage in which the shard's term has its primary: make it one, keep it running, its standbys following, its
 * configuration as declared. Decides whether anything can be done about the primary now.
 *
 * <pre>
 * 1. the recorded primary is not there       -> say so, command nothing
 * 2. it does not run as the term's primary   -> {@link StartingPrimary}
 * 3. to 8. it does                           -> {@link RunningPrimary}
 * </pre>
 */
final class Upkeep {
    private Upkeep() {}

    /**
     * @param suspicion of the primary, when no election could succeed now
     */
    static ShardPlan plan(ShardFacts facts, Optional<Suspicion> suspicion) {
        ShardRecord record = facts.record();
        Draft draft = new Draft(facts);
        Optional<InstanceFacts> found = facts.instance(record.primary());
        if (found.isEmpty()) {
            draft.find(Reason.WAITING_FOR_PODS, "the pod of the primary " + record.primary() + " is not there");
            suspicion.ifPresent(suspected -> find(draft, suspected));
            return draft.plan(record, false);
        }
        InstanceFacts primary = found.get();
        Optional<Finding> obstacle = obstacle(primary, Objects.requireNonNull(record.systemIdentifier()));
        obstacle.ifPresent(draft.findings()::add);
        suspicion.ifPresent(suspected -> find(draft, suspected));
        if (obstacle.isPresent() || primary.status() == null) {
            draft.findObstaclesOfOthers();
            return draft.plan(record, false);
        }
        return primary.isPrimaryOf(record.term())
                ? new RunningPrimary(facts, primary, primary.status(), draft).plan()
                : new StartingPrimary(facts, primary, primary.status(), draft).plan();
    }

    /** The primary is lost and can be replaced: a new term is taken. */
    static ShardPlan failingOver(ShardFacts facts, Suspicion suspicion) {
        Draft draft = new Draft(facts);
        ShardRecord begun = Election.begun(facts, suspicion);
        draft.find(
                Reason.FAILING_OVER,
                suspicion.message() + "; term " + begun.term() + " is taken to find another primary");
        return draft.plan(begun, false);
    }

    private static void find(Draft draft, Suspicion suspicion) {
        draft.find(
                Reason.FAILOVER_BLOCKED,
                suspicion.message() + ". No other instance can be appointed: the standbys that answer do not suffice to"
                        + " find every acknowledged commit among them");
    }

    private static Optional<Finding> obstacle(InstanceFacts primary, String systemIdentifier) {
        Optional<Finding> obstacle = Diagnosis.obstacle(primary, systemIdentifier);
        if (obstacle.isPresent()) {
            Finding finding = obstacle.get();
            if (finding.reason() == Reason.WAITING_FOR_INSTANCES) {
                return Optional.of(
                        new Finding(Reason.PRIMARY_UNREACHABLE, finding.subject(), "the primary " + finding.message()));
            }
            return Optional.of(new Finding(
                    finding.reason(),
                    finding.subject(),
                    finding.message()
                            + " (It is the primary, so do not delete its claim: the data may be on it alone)"));
        }
        if (!primary.has(DataDirectory.State.PRESENT)) {
            return Optional.of(new Finding(
                    Reason.VOLUME_LOST,
                    primary.name(),
                    primary.name()
                            + ": was the primary and its volume is empty now; nothing is created on it. Attach the"
                            + " volume that holds the data, or restore a backup"));
        }
        return Optional.empty();
    }
}
