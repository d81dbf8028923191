package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Refusal;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A pod: the manager, its PostgreSQL, and their volume. A command has its first step at once, which makes the promise durable,
 * and the rest when its {@link Operation} goes on: in between anything may happen.
 */
final class Instance {
    static final PostgresConfiguration EMPTY = new PostgresConfiguration(0, Map.of(), "", List.of(), false);

    final int number;
    final String name;
    private final Shard shard;
    private final double clockRate;

    // ---- on the volume
    long promised;
    InstanceRole role = InstanceRole.NONE;
    DataDirectory.State data = DataDirectory.State.EMPTY;

    @Nullable
    Entry log;

    long assigned;
    PostgresConfiguration configuration = EMPTY;
    String fingerprint = "";

    @Nullable
    Instance upstream;

    boolean toldToStop;

    // ---- in memory
    int boot = 1;
    boolean up = true;
    boolean paused;
    boolean running;
    boolean open;
    long startedAt;

    final Operation operation;

    @Nullable
    Primary primary;

    final Lease lease = new Lease();
    final Receiver receiver;
    final Heartbeats heartbeats;

    /** What a promise that is not durable leaves behind. */
    record Forgotten(
            long promised,
            long assigned,
            InstanceRole role,
            @Nullable Instance upstream) {}

    @Nullable
    Forgotten forgotten;

    Instance(Shard shard, int number, double clockRate) {
        this.shard = shard;
        this.number = number;
        this.name = Shard.name(number);
        this.clockRate = clockRate;
        this.receiver = new Receiver(shard, this);
        this.heartbeats = new Heartbeats(shard, this);
        this.operation = new Operation(shard, this);
    }

    boolean acts() {
        return up && !paused;
    }

    boolean isBlank() {
        return data != DataDirectory.State.PRESENT;
    }

    boolean isDetached() {
        return upstream == null;
    }

    boolean isPrimary() {
        return running && role == InstanceRole.PRIMARY;
    }

    Entry log() {
        return Objects.requireNonNull(log);
    }

    @Nullable
    Instance upstream() {
        return upstream;
    }

    /** Its end is final: nothing streams into it, and all of it is replayed. */
    boolean logHasEnded() {
        return !isBlank()
                && role == InstanceRole.STANDBY
                && running
                && (upstream == null || (shard.mutant == Mutant.KEEP_STREAMING && promised > upstream.assigned));
    }

    long localNow() {
        return (long) (shard.now * clockRate);
    }

    // ---- commands

    @Nullable
    Refusal take(InstanceCommand command) {
        Refusal.Reason reason = Rules.refusal(this, command, shard.mutant);
        shard.trace.say(() -> "  " + name + (reason == null ? " takes " : " refuses ") + text(command) + " of term "
                + command.term() + (reason == null ? "" : ": " + reason));
        if (reason != null) {
            return new Refusal(reason, reason.name(), promised);
        }
        shard.oracle.obeys(number, command.term());
        if (shard.mutant == Mutant.FORGET_THE_PROMISE && command.term() > promised && forgotten == null) {
            forgotten = new Forgotten(promised, assigned, role, upstream);
        }
        promised = command.term();
        switch (command) {
            case InstanceCommand.Bootstrap bootstrap -> operation.begin(bootstrap);
            case InstanceCommand.Follow follow -> {
                stopLowerTerm();
                operation.begin(follow);
            }
            case InstanceCommand.Resume resume -> operation.beginUnless(isPrimary(), resume);
            case InstanceCommand.Promote promote -> operation.beginUnless(role == InstanceRole.PRIMARY, promote);
            case InstanceCommand.Configure configure -> {
                configure(configure.configuration());
                if (primary != null && isPrimary()) {
                    primary.reload(configure.configuration());
                    operation.begin(configure);
                }
            }
            case InstanceCommand.Revoke revoke -> {
                boolean goesOn =
                        !isBlank() && assigned == revoke.term() && (role == InstanceRole.PRIMARY || !isDetached());
                operation.beginUnless(goesOn, revoke);
            }
            case InstanceCommand.Open opened -> open();
            case InstanceCommand.Close close -> open = false;
            case InstanceCommand.Stop stop -> {
                toldToStop = true;
                stop();
            }
        }
        return null;
    }

    private static String text(InstanceCommand command) {
        return command instanceof InstanceCommand.Configure configure
                ? "configure " + configure.configuration().sequence()
                : command.path();
    }

    private void open() {
        if (!open) {
            open = true;
            shard.oracle.opens(assigned, log(), shard.now);
        }
    }

    private void stopLowerTerm() {
        if (isPrimary() && assigned < promised) {
            stop();
        }
    }

    void configure(PostgresConfiguration next) {
        configuration = next;
        fingerprint = ConfigurationFingerprint.of(next);
        lease.rules(
                next.lease().millis() * (shard.mutant == Mutant.LEASE_LONGER_THAN_THE_WAIT ? 4 : 1),
                next.lease().members());
    }

    // ---- what happens to it

    void stop() {
        if (running) {
            shard.trace.say(() -> "  PostgreSQL of " + name + " stops");
        }
        receiver.end();
        running = false;
        open = false;
        primary = null;
    }

    void crash() {
        stop();
        up = false;
        paused = false;
        operation.giveUp();
        heartbeats.forget();
        if (forgotten != null && !isBlank()) {
            promised = forgotten.promised();
            assigned = forgotten.assigned();
            role = forgotten.role();
            upstream = forgotten.upstream();
        }
        forgotten = null;
    }

    /** A standby's manager starts its server by itself; a primary waits to be told. */
    void restart() {
        if (up) {
            return;
        }
        up = true;
        boot++;
        startStandby();
    }

    void startStandby() {
        if (acts() && !running && !isBlank() && role == InstanceRole.STANDBY && !toldToStop && !operation.isRunning()) {
            running = true;
        }
    }

    void loseVolume() {
        shard.oracle.losesItsVolume(number);
        promised = 0;
        role = InstanceRole.NONE;
        data = DataDirectory.State.EMPTY;
        log = null;
        assigned = 0;
        upstream = null;
        toldToStop = false;
        configuration = EMPTY;
    }

    void confirmed(Message.Confirmation confirmation) {
        if (acts() && primary != null && primary.isConnected(confirmation.from(), confirmation.connection())) {
            primary.confirmed(confirmation.from(), confirmation.flushed());
        }
    }

    // ---- lease

    /** An operator says that this was the shard's term at a moment after it was given this token. */
    void confirmTerm(long term, int tokensBoot, long tokens) {
        if (acts() && primary != null && assigned == term && tokensBoot == boot) {
            lease.byOperator(tokens);
        }
    }

    void lookAtLease() {
        if (acts() && isPrimary() && lease.isOver(localNow())) {
            shard.trace.say(() -> "  the lease of " + name + " is over");
            stop();
        }
    }

    // ---- clients

    void write(int id) {
        if (acts() && isPrimary() && open && primary != null) {
            log = log().append(assigned, id);
            shard.trace.say(() -> "  write " + log + " on " + name);
            primary.write(log);
        }
    }

    void read(boolean waits, boolean durable) {
        if (acts() && isPrimary() && open && primary != null) {
            Entry seen = primary.read();
            shard.trace.say(() -> "  read " + seen + " on " + name);
            shard.oracle.reads(seen, assigned, waits, durable, shard.now);
        }
    }
}
