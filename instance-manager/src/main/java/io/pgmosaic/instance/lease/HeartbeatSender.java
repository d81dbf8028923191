package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.lease.Contact.Outcome;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.UnreadableFileException;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.UpstreamContact;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * On a standby: tells the instance that it follows which term it has promised, twice a second, and keeps what it hears back.
 * When it follows no longer because it has promised a later term, it says so once more, since that ends a primary that the
 * operator may not reach.
 */
public final class HeartbeatSender {
    private static final System.Logger LOG = System.getLogger(HeartbeatSender.class.getName());
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Nobody listens: an answer costs nothing and a server that comes back is worth finding. */
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What the instance's own files say. */
    public interface Stored {
        StoredState read() throws UnreadableFileException;
    }

    private final InstanceIdentity identity;
    private final Stored stored;
    private final PeerLink link;
    private final LongSupplier clock;
    private final Runnable changed;
    private final Thread thread;
    private @Nullable Followed followed;
    private @Nullable Long token;
    private volatile @Nullable Contact contact;

    /**
     * @param clock monotonic nanoseconds
     * @param changed done when the upstream was found, lost, or refused
     */
    public HeartbeatSender(
            InstanceIdentity identity, Stored stored, PeerLink link, LongSupplier clock, Runnable changed) {
        this.identity = identity;
        this.stored = stored;
        this.link = link;
        this.clock = clock;
        this.changed = changed;
        this.thread = Thread.ofPlatform().daemon().name("heartbeat").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Looks now whom it follows: that may have changed. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** For the status; null when it follows nobody. */
    public @Nullable UpstreamContact upstream() {
        Contact known = contact;
        return known == null ? null : known.state(clock.getAsLong());
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            long pause = PERIOD_NANOS;
            try {
                pause = beat();
            } catch (UnreadableFileException e) {
                LOG.log(System.Logger.Level.DEBUG, "no heartbeat: {0}", e.getMessage());
            } catch (RuntimeException e) {
                // Nothing may end this thread: it tries again at the next beat.
                LOG.log(System.Logger.Level.ERROR, "a heartbeat failed", e);
            }
            LockSupport.parkNanos(pause);
        }
    }

    /** @return nanoseconds until the next */
    long beat() throws UnreadableFileException {
        StoredState now = stored.read();
        Followed target = Followed.of(now);
        Followed before = followed;
        boolean changes = !Objects.equals(target, before);
        if (changes) {
            followed = target;
            token = null;
            contact = target == null ? null : Contact.none(target.upstream().instance(), target.term());
        }
        Contact known = contact;
        long pause = target == null || known == null ? PERIOD_NANOS : greet(target, known, now.promisedTerm());
        if (changes && before != null && now.promisedTerm() > before.term()) {
            sayFarewell(before, now.promisedTerm());
        }
        return pause;
    }

    private long greet(Followed target, Contact known, long promisedTerm) {
        Outcome outcome = attempt(target, promisedTerm);
        contact = known.after(outcome, clock.getAsLong());
        if (outcome != known.now()) {
            changed.run();
        }
        return outcome == Outcome.REFUSED ? REFUSED_NANOS : PERIOD_NANOS;
    }

    private Outcome attempt(Followed target, long promisedTerm) {
        try {
            Heartbeat.Answer answer = link.send(target.upstream(), new Heartbeat(identity, promisedTerm, token));
            token = answer.token();
            return answer.primaryTerm() == target.term() ? Outcome.SERVES : Outcome.SERVES_NOT;
        } catch (ConnectException e) {
            return Outcome.REFUSED;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "no answer from {0}: {1}",
                    target.upstream().instance(),
                    e.getMessage());
            return Outcome.SILENT;
        }
    }

    private void sayFarewell(Followed before, long promisedTerm) {
        try {
            link.send(before.upstream(), new Heartbeat(identity, promisedTerm, null));
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} could not be told of term {1}: {2}",
                    before.upstream().instance(),
                    Long.toString(promisedTerm),
                    e.getMessage());
        }
    }
}
