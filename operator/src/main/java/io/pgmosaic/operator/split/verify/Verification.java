package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.postgresql.replication.LogSequenceNumber;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares all tables of a part, one after the other, each at one position of the sender's log. A table that was equal is not read
 * again when the comparison is begun again for the same copy in the same terms.
 */
public final class Verification {
    private static final int KEYS_TOLD = 20;

    /** A table of which more is repaired than at so many rounds is not worth it. */
    private static final int ROUNDS = 5;

    private final VerificationRequest request;
    private final Side sender;
    private final Side receiver;
    private final Watch watch;
    private final long seed = new SecureRandom().nextLong();

    private final List<RowDifference> differences = new ArrayList<>();
    private long different;
    private boolean isComplete = true;
    private String reason = "";
    private long rows;
    private long repaired;

    private Verification(VerificationRequest request, Side sender, Side receiver, Watch watch) {
        this.request = request;
        this.sender = sender;
        this.receiver = receiver;
        this.watch = watch;
    }

    /**
     * Blocks until all is compared. The stream has to be up, and should be nearly through. When it returns, or throws, nothing is
     * locked, and no snapshot is kept.
     *
     * @throws MismatchException when a table is not the same on both sides
     * @throws StreamLateException when the stream does not reach a marker
     * @throws SQLException when a session is lost, or rows that differ are locked all the time; it can be begun again, and goes
     *     on after the tables that were equal
     */
    public static Verdict run(VerificationRequest request, Side sender, Side receiver, Watch watch)
            throws SQLException, InterruptedException {
        try {
            return new Verification(request, sender, receiver, watch).run();
        } catch (CancelledException e) {
            return new Verdict.Cancelled();
        }
    }

    private Verdict run() throws SQLException, InterruptedException {
        try (Sessions sessions = new Sessions()) {
            MeetingPoint point = new MeetingPoint(request, sender, receiver, sessions);
            Optional<Bookkeeping> book =
                    Bookkeeping.begin(sessions.add(receiver.superuser()), request, point.senderTerm());
            return book.isEmpty()
                    ? new Verdict.Outdated("nothing was copied to the receiver for " + request.stem())
                    : compare(point, book.get());
        }
    }

    private Verdict compare(MeetingPoint point, Bookkeeping book) throws SQLException, InterruptedException {
        List<TableShape> shapes = new ArrayList<>();
        for (MovingTable table : request.tables()) {
            shapes.add(TableShape.of(
                    table, point.sender().first(), point.receiver().first()));
        }
        Map<MovingTable, Long> finished = book.finished(shapes);
        rows = finished.values().stream().mapToLong(Long::longValue).sum();
        List<TableShape> open = shapes.stream()
                .filter(shape -> !finished.containsKey(shape.table()))
                .toList();
        Meter meter = new Meter(watch, shapes.size(), finished.size(), blocks(point, open));
        LogSequenceNumber position = LogSequenceNumber.INVALID_LSN;
        for (TableShape shape : open) {
            long before = different;
            long compared = compare(point, shape, meter);
            position = point.position();
            if (different == before && isComplete) {
                rows += compared;
                book.finish(shape, compared, position);
            }
            meter.done();
        }
        if (different > 0 || !isComplete) {
            book.differs();
            return new Verdict.Different(differences, different, isComplete, reason);
        }
        if (open.isEmpty()) {
            point.meetAnew(watch);
            position = point.position();
        }
        if (point.senderTerm() != book.senderTerm() || !book.verified(position)) {
            return new Verdict.Outdated("copy, seal or term have changed since the comparison began");
        }
        return new Verdict.Verified(rows, repaired, position);
    }

    private long blocks(MeetingPoint point, List<TableShape> shapes) throws SQLException {
        long blocks = 0;
        for (TableShape shape : shapes) {
            blocks += Scan.blocks(point.sender().first(), ofSender(shape))
                    + Scan.blocks(point.receiver().first(), ofReceiver(shape));
        }
        return blocks;
    }

    private TableQueries ofSender(TableShape shape) {
        return new TableQueries(shape, shape.table().condition(), seed);
    }

    private TableQueries ofReceiver(TableShape shape) {
        return new TableQueries(
                shape, request.receiverHasOthers() ? shape.table().condition() : "true", seed);
    }

    /** Gives how many rows were compared. */
    private long compare(MeetingPoint point, TableShape shape, Meter meter) throws SQLException, InterruptedException {
        for (int round = 1; ; round++) {
            point.meetAnew(watch);
            TableSearch.Found found = new TableSearch(point, ofSender(shape), ofReceiver(shape), meter).search();
            boolean isEqual = recheck(point, shape, found.suspects());
            if (isEqual && found.isComplete()) {
                return found.rows();
            }
            if (!isEqual || round == ROUNDS) {
                isComplete &= found.isComplete();
                if (request.repair() && !found.isComplete()) {
                    reason = "too many rows differ to repair them";
                }
                return found.rows();
            }
        }
    }

    private boolean recheck(MeetingPoint point, TableShape shape, List<RowKey> suspects)
            throws SQLException, InterruptedException {
        long before = different;
        for (int from = 0; from < suspects.size(); from += Recheck.ROWS_AT_ONCE) {
            List<RowKey> some = suspects.subList(from, Math.min(suspects.size(), from + Recheck.ROWS_AT_ONCE));
            Recheck.Result result =
                    new Recheck(point, ofSender(shape), ofReceiver(shape), request.repair(), watch).run(some);
            repaired += result.repaired();
            different += result.differences().size();
            reason = result.reason().isEmpty() ? reason : result.reason();
            result.differences().stream().limit(KEYS_TOLD - differences.size()).forEach(differences::add);
        }
        return different == before;
    }
}
