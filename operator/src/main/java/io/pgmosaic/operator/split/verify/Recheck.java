package io.pgmosaic.operator.split.verify;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Looks again at rows that looked different, at later markers, until each is equal or known to differ.
 *
 * <p>Rows that the sender has are locked there from before its snapshot until after the marker: what is read is what they are at the
 * marker's position. A row that only the receiver has cannot be locked where it is not. It is known to be one too many when it is
 * found at two markers and nobody wrote it in between: had the sender got such a row before the second marker, the stream would have
 * written it.
 */
final class Recheck {
    /** How many rows are locked, and repaired, at one marker. */
    static final int ROWS_AT_ONCE = 200;

    private static final int ATTEMPTS = 30;
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    /**
     * @param differences that stay
     * @param repaired how many rows were made equal
     * @param reason why the rest was not, for a person; empty when that was not wanted, or nothing is left
     */
    record Result(List<RowDifference> differences, long repaired, String reason) {}

    private final MeetingPoint point;
    private final TableQueries ofSender;
    private final TableQueries ofReceiver;
    private final boolean mayRepair;
    private final Watch watch;

    private Set<RowKey> pending = Set.of();
    private Map<RowKey, String> extrasBefore = Map.of();
    private final Set<RowKey> written = new HashSet<>();
    private final List<RowDifference> differences = new ArrayList<>();
    private boolean isKnown;
    private String reason = "";

    Recheck(MeetingPoint point, TableQueries ofSender, TableQueries ofReceiver, boolean mayRepair, Watch watch) {
        this.point = point;
        this.ofSender = ofSender;
        this.ofReceiver = ofReceiver;
        this.mayRepair = mayRepair;
        this.watch = watch;
    }

    /**
     * @param suspects at most {@link #ROWS_AT_ONCE}
     * @throws RowsLockedException when somebody keeps them locked
     */
    Result run(List<RowKey> suspects) throws SQLException, InterruptedException {
        pending = Set.copyOf(suspects);
        for (int attempt = 1; !pending.isEmpty() && !isKnown; attempt++) {
            if (watch.cancelled()) {
                throw new CancelledException();
            }
            try {
                point.meet(ofSender.lock(pending), this::look, watch);
            } catch (RowsLockedException e) {
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
            }
            if (!pending.isEmpty() && !isKnown) {
                if (attempt >= 2 * ATTEMPTS) {
                    throw new SQLException("rows of " + ofSender.shape().table().qualifiedName()
                            + " that differ are written all the time, so that they cannot be compared");
                }
                TimeUnit.MILLISECONDS.sleep(Math.min(LONGEST_WAIT_MILLIS, 20L << Math.min(attempt, 6)));
            }
        }
        return new Result(differences, written.size() - differing(written), reason);
    }

    private long differing(Set<RowKey> keys) {
        return differences.stream()
                .filter(difference -> keys.contains(new RowKey(difference.key())))
                .count();
    }

    private void look(Connection holder) throws SQLException {
        Map<RowKey, Rows> here = Rows.read(point.sender().first(), ofSender, pending);
        Map<RowKey, Rows> there = Rows.read(point.receiver().first(), ofReceiver, pending);
        Set<RowKey> all = new HashSet<>(here.keySet());
        all.addAll(there.keySet());
        Map<RowKey, String> extras = new HashMap<>();
        Map<RowKey, RowDifference> found = new LinkedHashMap<>();
        for (RowKey key : all) {
            Rows sent = here.get(key);
            Rows received = there.get(key);
            if (sent == null || received == null || !sent.isSame(received)) {
                found.put(key, difference(key, sent, received));
                if (sent == null && received != null) {
                    extras.put(key, received.place());
                }
            }
        }
        boolean areCertain = found.keySet().stream().allMatch(key -> {
            Rows sent = here.get(key);
            return sent == null
                    ? Objects.equals(extras.get(key), extrasBefore.get(key))
                    : point.wasLocked(sent.place());
        });
        pending = Set.copyOf(found.keySet());
        extrasBefore = extras;
        if (found.isEmpty() || !areCertain) {
            return;
        }
        if (!mayRepair || written.containsAll(pending)) {
            isKnown = true;
        } else {
            reason = new Repair(ofSender, ofReceiver, point.sender().first(), holder).of(pending);
            isKnown = !reason.isEmpty();
            written.addAll(pending);
        }
        if (isKnown) {
            differences.addAll(found.values());
            reason = reason.isEmpty() && mayRepair ? "they differ after they were written again" : reason;
        }
    }

    private RowDifference difference(RowKey key, @Nullable Rows sent, @Nullable Rows received) {
        RowDifference.Kind kind = sent == null
                ? RowDifference.Kind.EXTRA
                : received == null ? RowDifference.Kind.MISSING : RowDifference.Kind.CHANGED;
        List<TableShape.Column> columns = ofSender.shape().columns();
        List<String> names = sent == null || received == null
                ? List.of()
                : IntStream.range(0, columns.size())
                        .filter(i ->
                                !sent.columns().get(i).equals(received.columns().get(i)))
                        .mapToObj(i -> columns.get(i).name())
                        .toList();
        return new RowDifference(
                ofSender.shape().table().qualifiedName(), kind, ofSender.shape().key(), key.values(), names);
    }
}
