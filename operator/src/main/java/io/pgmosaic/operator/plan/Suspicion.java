package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.UpstreamContact;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether the recorded primary is lost. A wrong suspicion costs a short interruption and never data, so this weighs how sure
 * and how fast; what keeps data safe is the {@link Quorum}.
 *
 * <pre>
 * at once            its pod is gone or its container has ended; its volume holds no usable data; it is fenced by request;
 *                    somebody has promised a later term than the recorded one
 * after a moment     nobody listens at its address, and every standby that answers has lost it too
 * detectionTime      it does not answer, or its PostgreSQL does not answer its manager, and every standby that answers has
 *                    lost it too
 * restartGrace       its manager answers, its PostgreSQL does not run
 * </pre>
 *
 * <p>When only the operator cannot reach it, that is no failure of the primary.
 *
 * @param cause in one word
 * @param message for a person
 * @param since how long the primary has been in trouble
 */
record Suspicion(String cause, String message, Duration since) {

    static Optional<Suspicion> of(ShardFacts facts) {
        long promised = facts.instances().stream()
                .map(InstanceFacts::status)
                .filter(Objects::nonNull)
                .mapToLong(InstanceStatus::promisedTerm)
                .max()
                .orElse(0);
        if (promised > facts.record().term()) {
            return Optional.of(new Suspicion(
                    "TermBehind",
                    "term " + promised + " has been promised, the record says "
                            + facts.record().term(),
                    Duration.ZERO));
        }
        return facts.instance(facts.record().primary())
                .map(primary -> ofPrimary(facts, primary))
                .orElse(Optional.of(new Suspicion(
                        "PodGone",
                        "the pod of the primary " + facts.record().primary() + " is not there",
                        Duration.ZERO)));
    }

    private static Optional<Suspicion> ofPrimary(ShardFacts facts, InstanceFacts primary) {
        if (Fencing.isFenced(facts, primary.name())) {
            return suspicion("Fenced", "the primary " + primary.name() + " is fenced by request", Duration.ZERO);
        }
        if (primary.answers() && primary.status() != null) {
            return ofStatus(facts, primary, primary.status());
        }
        Duration silent = primary.contact().silentFor();
        if (primary.pod().ended()) {
            return suspicion(
                    "PodGone",
                    "the container of the primary " + primary.name() + " has ended",
                    silent == null ? Duration.ZERO : silent);
        }
        if (silent == null || !standbysLostIt(facts, primary)) {
            return Optional.empty();
        }
        if (primary.contact().refused() && silent.compareTo(FailoverTimings.REFUSED) >= 0) {
            return suspicion(
                    "NobodyListens",
                    "nobody listens at the address of the primary " + primary.name()
                            + ", and its standbys have lost it",
                    silent);
        }
        return silent.compareTo(facts.timings().detection()) >= 0
                ? suspicion(
                        "Unreachable",
                        "the primary " + primary.name() + " has not answered for more than "
                                + millis(facts.timings().detection()) + ", and its standbys have lost it",
                        silent)
                : Optional.empty();
    }

    private static Optional<Suspicion> ofStatus(ShardFacts facts, InstanceFacts primary, InstanceStatus status) {
        DataDirectory.State data = status.data().state();
        if (data == DataDirectory.State.EMPTY
                || data == DataDirectory.State.INCOMPLETE
                || data == DataDirectory.State.UNREADABLE
                || (data == DataDirectory.State.PRESENT
                        && Diagnosis.obstacleOfVolume(primary, facts.record().systemIdentifier())
                                .isPresent())) {
            return suspicion(
                    "VolumeLost",
                    "the volume of the primary " + primary.name() + " does not hold its data any more",
                    Duration.ZERO);
        }
        Duration notRunning = primary.contact().notRunningFor();
        if (notRunning == null || primary.runs()) {
            return Optional.empty();
        }
        if (status.postgres().state() == ServerState.UNRESPONSIVE) {
            return notRunning.compareTo(facts.timings().detection()) >= 0 && standbysLostIt(facts, primary)
                    ? suspicion(
                            "PostgresHangs",
                            "PostgreSQL of the primary " + primary.name() + " has not answered for more than "
                                    + millis(facts.timings().detection()),
                            notRunning)
                    : Optional.empty();
        }
        return notRunning.compareTo(facts.timings().restartGrace()) >= 0
                ? suspicion(
                        "PostgresDown",
                        "PostgreSQL of the primary " + primary.name() + " has not come back for more than "
                                + millis(facts.timings().restartGrace())
                                + (status.postgres().message() == null
                                        ? ""
                                        : ": " + status.postgres().message()),
                        notRunning)
                : Optional.empty();
    }

    /** At least one standby answers, and none of those that do is in contact with the primary. */
    private static boolean standbysLostIt(ShardFacts facts, InstanceFacts primary) {
        List<InstanceFacts> answering =
                facts.others().stream().filter(InstanceFacts::answers).toList();
        return !answering.isEmpty()
                && answering.stream().allMatch(standby -> hasLost(standby.status(), primary.name(), facts.timings()));
    }

    private static boolean hasLost(@Nullable InstanceStatus standby, String primary, FailoverTimings timings) {
        UpstreamContact contact = standby == null ? null : standby.upstream();
        if (contact == null || !contact.instance().equals(primary)) {
            return true;
        }
        Long silence = contact.silenceMillis();
        return contact.refused()
                || silence == null
                || silence >= timings.detection().toMillis();
    }

    /** A limit, not the time since: a text that changes with each look would be a new Event each time. */
    private static String millis(Duration limit) {
        return limit.toMillis() + " ms";
    }

    private static Optional<Suspicion> suspicion(String cause, String message, Duration since) {
        return Optional.of(new Suspicion(cause, message, since));
    }
}
