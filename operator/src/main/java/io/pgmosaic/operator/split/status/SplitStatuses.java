package io.pgmosaic.operator.split.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.split.PhaseRecord;
import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.operator.status.Conditions;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Builds the status of a split. Its conditions:
 *
 * <pre>
 * Ready         the split has come to an end: the targets have the keys, or all is as before
 * Reconciling   something is under way that will end by itself
 * Stalled       something needs a person
 * </pre>
 */
public final class SplitStatuses {
    /** Phases repeat when a copy begins anew; the first and the latest tell the story. */
    private static final int MOST_PHASES = 40;

    private static final Set<SplitPhase> HAVE_ALL_ROWS =
            EnumSet.of(SplitPhase.AWAITING_APPROVAL, SplitPhase.SWITCHING, SplitPhase.SOAKING, SplitPhase.COMPLETED);

    private static final SplitProgress NOTHING =
            new SplitProgress(null, null, null, null, null, null, null, null, null);

    private static final Set<SplitPhase> ON_THE_WAY = EnumSet.range(SplitPhase.PREPARING, SplitPhase.SWITCHING);

    private SplitStatuses() {}

    /** The status after a report. */
    public static ShardSplitStatus after(ShardSplitStatus before, long generation, SplitReport report, Instant now) {
        return new ShardSplitStatus(
                generation,
                report.phase(),
                report.message(),
                progress(before.progress(), report),
                report.targets().isEmpty() ? before.targets() : report.targets(),
                before.writePauseMillis(),
                before.cutOverAttempts(),
                before.switchedAt(),
                report.findings() == null ? before.findings() : report.findings(),
                history(before, report, now),
                conditions(before.conditions(), generation, report, now));
    }

    /** What was told last of rows that are all there may be older than the last of them. */
    private static @Nullable SplitProgress progress(@Nullable SplitProgress before, SplitReport report) {
        SplitProgress present = report.progress() == null ? before : report.progress();
        Long lag = report.lagBytes();
        if (present == null && lag == null) {
            return null;
        }
        SplitProgress known = Objects.requireNonNullElse(present, NOTHING);
        SplitProgress whole = report.progress() == null && HAVE_ALL_ROWS.contains(report.phase())
                ? new SplitProgress(
                        100,
                        known.rowsCopied(),
                        known.rowsTotal(),
                        known.bytesCopied(),
                        known.bytesTotal(),
                        null,
                        known.rowsVerified(),
                        report.phase() == SplitPhase.COMPLETED ? null : known.lagBytes(),
                        null)
                : known;
        return lag == null ? whole : whole.withLagBytes(lag);
    }

    /** The status after an attempt to hand the keys over. */
    public static ShardSplitStatus attempted(ShardSplitStatus before, long pauseMillis, boolean done, Instant now) {
        int attempts = Objects.requireNonNullElse(before.cutOverAttempts(), 0) + 1;
        return new ShardSplitStatus(
                before.observedGeneration(),
                before.phase(),
                before.message(),
                before.progress(),
                before.targets(),
                pauseMillis,
                attempts,
                done ? text(now) : before.switchedAt(),
                before.findings(),
                before.history(),
                before.conditions());
    }

    /** The status of a split whose keys have changed hands; a time that is written already stays. */
    public static ShardSplitStatus switched(ShardSplitStatus before, Instant now) {
        return new ShardSplitStatus(
                before.observedGeneration(),
                before.phase(),
                before.message(),
                before.progress(),
                before.targets(),
                before.writePauseMillis(),
                before.cutOverAttempts(),
                before.switchedAt() == null ? text(now) : before.switchedAt(),
                before.findings(),
                before.history(),
                before.conditions());
    }

    private static List<PhaseRecord> history(ShardSplitStatus before, SplitReport report, Instant now) {
        List<PhaseRecord> history = new ArrayList<>(before.history());
        if (!history.isEmpty() && history.getLast().phase() == report.phase()) {
            history.set(
                    history.size() - 1,
                    new PhaseRecord(report.phase(), history.getLast().since(), report.message()));
        } else {
            history.add(new PhaseRecord(report.phase(), text(now), report.message()));
        }
        if (history.size() > MOST_PHASES) {
            history.remove(1);
        }
        return history;
    }

    private static List<Condition> conditions(
            List<Condition> before, long generation, SplitReport report, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        boolean ended = report.phase() == SplitPhase.COMPLETED || report.phase() == SplitPhase.ROLLED_BACK;
        boolean stalled = !report.needsPerson().isEmpty();
        String reason = reason(report.phase());
        conditions.set("Ready", ended, reason, report.message());
        conditions.set("Reconciling", !ended && !stalled, reason, report.message());
        conditions.set(
                "Stalled",
                stalled,
                stalled ? "NeedsPerson" : reason,
                stalled ? report.needsPerson() : "nothing needs a person");
        return conditions.list();
    }

    /**
     * The phase of a split that waits for a shard before its keys have changed hands: nothing that was done before is undone by that.
     *
     * @param told the latest that a person was told of; null for none
     * @param least as far as it is known to be
     */
    public static SplitPhase goingOn(@Nullable SplitPhase told, SplitPhase least) {
        return least == SplitPhase.PREPARING && told != null && ON_THE_WAY.contains(told) ? told : least;
    }

    /** Whether nothing comes after it. */
    public static boolean hasEnded(ShardSplitStatus status) {
        return status.phase() == SplitPhase.COMPLETED || status.phase() == SplitPhase.ROLLED_BACK;
    }

    /** A phase as the API writes it. */
    public static String reason(SplitPhase phase) {
        StringBuilder word = new StringBuilder();
        for (String part : phase.name().split("_", -1)) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }

    private static String text(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
