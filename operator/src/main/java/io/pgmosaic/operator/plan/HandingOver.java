package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.protocol.instance.InstanceStatus;

import java.util.Optional;

/**
 * Decides whether a primary that is well begins to hand over now, and what whoever asked for it is told: done already, refused
 * for now and why, or running. A request goes before what the primary's own state asks for; see {@link Handover} for what is
 * safe.
 */
final class HandingOver {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final InstanceFacts primary;
    private final InstanceStatus status;
    private final Draft draft;

    HandingOver(ShardFacts facts, InstanceFacts primary, InstanceStatus status, Draft draft) {
        this.facts = facts;
        this.record = facts.record();
        this.primary = primary;
        this.status = status;
        this.draft = draft;
    }

    /** The record that begins a switchover or says what became of the request for one; empty when nothing changes. */
    Optional<ShardRecord> begun() {
        Optional<ShardRecord> answered = Handover.request(facts).flatMap(this::answer);
        return answered.isPresent()
                ? answered
                : Handover.ofNeed(facts, primary, status).map(handover -> {
                    draft.find(Reason.FAILING_OVER, handover.message());
                    return Election.begun(facts, handover);
                });
    }

    private Optional<ShardRecord> answer(SwitchoverSpec asked) {
        if (asked.to().equals(primary.name())) {
            return Optional.of(record.withSwitchover(
                    outcome(asked, SwitchoverOutcome.State.DONE, asked.to() + " was the primary already")));
        }
        String unsafe = Handover.unsafe(facts, status, asked.to());
        if (unsafe != null) {
            draft.find(
                    Reason.SWITCHOVER_REFUSED,
                    "the switchover to " + asked.to() + " is refused for now: " + unsafe
                            + "; it is done once it is safe, or remove it from spec.switchover");
            SwitchoverOutcome refused =
                    outcome(asked, SwitchoverOutcome.State.REFUSED, "not safe now; the shard's message says why");
            return refused.equals(record.switchover()) ? Optional.empty() : Optional.of(record.withSwitchover(refused));
        }
        String message = "switchover to " + asked.to() + " by request";
        draft.find(Reason.FAILING_OVER, message);
        return Optional.of(Election.begun(facts, new Handover("Requested", message, asked.to()))
                .withSwitchover(outcome(asked, SwitchoverOutcome.State.RUNNING, "in term " + (record.term() + 1))));
    }

    private static SwitchoverOutcome outcome(SwitchoverSpec asked, SwitchoverOutcome.State state, String message) {
        return new SwitchoverOutcome(asked.to(), asked.request(), state, message);
    }
}
