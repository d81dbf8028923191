package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Refusal;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;

/**
 * A pod: the manager, its PostgreSQL, and their volume. A command has its first step at once, which makes the promise durable,
 * and the rest when its {@link #work} goes on: in between anything may happen.
 */
final class Instance {
    private static final PostgresConfiguration EMPTY =
            new PostgresConfiguration(0, Map.of(), "", java.util.List.of(), false);

    final int number;
    final String name;
    private final Shard shard;
    private final double clockRate;

    // ---- on the volume
    long promised;
    InstanceRole role = InstanceRole.NONE;
    DataDirectory.State data = DataDirectory.State.EMPTY;
    private @Nullable Entry log;
    long assigned;
    PostgresConfiguration configuration = EMPTY;
    String fingerprint = "";
    private @Nullable Instance upstream;
    private boolean toldToStop;

    // ---- in memory
    int boot = 1;
    boolean up = true;
    boolean paused;
    boolean running;
    boolean open;
    long startedAt;

    @Nullable
    InstanceCommand work;

    @Nullable
    Primary primary;

    final Lease lease = new Lease();
    private long connection;
    private long heardAt = -1;
    private boolean upstreamRefused;
    private long token = -1;
    private int tokenBoot;

    /** What a promise that is not durable leaves behind. */
    private record Forgotten(
            long promised,
            long assigned,
            InstanceRole role,
            @Nullable Instance upstream) {}

    private @Nullable Forgotten forgotten;

    Instance(Shard shard, int number, double clockRate) {
        this.shard = shard;
        this.number = number;
        this.name = Shard.name(number);
        this.clockRate = clockRate;
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
            case InstanceCommand.Bootstrap bootstrap -> work = command;
            case InstanceCommand.Follow follow -> {
                stopLowerTerm();
                work = command;
            }
            case InstanceCommand.Resume resume -> work = isPrimary() ? null : command;
            case InstanceCommand.Promote promote -> work = role == InstanceRole.PRIMARY ? null : command;
            case InstanceCommand.Configure configure -> {
                configure(configure.configuration());
                if (primary != null && isPrimary()) {
                    primary.reload(configure.configuration());
                    work = command;
                }
            }
            case InstanceCommand.Revoke revoke -> work = assigned == revoke.term() && !isBlank() ? work : command;
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

    private void configure(PostgresConfiguration next) {
        configuration = next;
        fingerprint = ConfigurationFingerprint.of(next);
        lease.rules(
                next.lease().millis() * (shard.mutant == Mutant.LEASE_LONGER_THAN_THE_WAIT ? 4 : 1),
                next.lease().members());
    }

    /** The operation that is under way comes to its next step. */
    void goOn(Chance chance) {
        if (!acts() || work == null) {
            return;
        }
        boolean done =
                switch (work) {
                    case InstanceCommand.Bootstrap bootstrap -> bootstrap(bootstrap);
                    case InstanceCommand.Follow follow -> follow(follow);
                    case InstanceCommand.Resume resume -> start(resume.configuration());
                    case InstanceCommand.Promote promote -> promote(promote);
                    case InstanceCommand.Configure configure -> primary == null || primary.readSome(chance);
                    case InstanceCommand.Revoke revoke -> revoke(revoke);
                    default -> true;
                };
        if (done) {
            work = null;
        }
    }

    private boolean bootstrap(InstanceCommand.Bootstrap command) {
        data = DataDirectory.State.PRESENT;
        role = InstanceRole.PRIMARY;
        assigned = command.term();
        log = Entry.first(assigned);
        shard.oracle.becomesPrimary(number, assigned, log);
        return start(command.configuration());
    }

    private boolean start(PostgresConfiguration with) {
        toldToStop = false;
        configure(with);
        running = true;
        open = false;
        startedAt = shard.now;
        primary = new Primary(shard, this);
        lease.grant(assigned, localNow());
        forgotten = null;
        shard.trace.say(() -> "  " + name + " runs as the primary of term " + assigned + ", its log ends at " + log);
        return true;
    }

    private boolean promote(InstanceCommand.Promote command) {
        shard.oracle.becomesPrimary(number, command.term(), log());
        role = InstanceRole.PRIMARY;
        assigned = command.term();
        upstream = null;
        log = log().append(assigned, 0);
        return start(command.configuration());
    }

    private boolean follow(InstanceCommand.Follow command) {
        Instance source = shard.instance(command.upstream().instance());
        boolean there = source.isPrimary() && source.acts() && shard.network.bothWays(number, source.number);
        if (!there) {
            return true;
        }
        if (isBlank()) {
            log = source.log();
            data = DataDirectory.State.PRESENT;
        } else if (!source.log().includes(log())) {
            data = DataDirectory.State.INCOMPLETE;
            running = false;
            return false;
        }
        endConnection();
        role = InstanceRole.STANDBY;
        assigned = command.term();
        upstream = source;
        toldToStop = false;
        configure(command.configuration());
        running = true;
        open = false;
        primary = null;
        heardAt = -1;
        token = -1;
        upstreamRefused = false;
        forgotten = null;
        return true;
    }

    private boolean revoke(InstanceCommand.Revoke command) {
        if (isBlank()) {
            return true;
        }
        if (isPrimary()) {
            if (command.orderly()) {
                shard.handOver(this);
            }
            stop();
        }
        if (shard.mutant != Mutant.KEEP_STREAMING || role == InstanceRole.PRIMARY) {
            endConnection();
            upstream = null;
        }
        role = InstanceRole.STANDBY;
        assigned = command.term();
        configuration = EMPTY;
        running = true;
        shard.trace.say(() -> "  " + name + " has promised term " + promised + ", its log ends at " + log);
        return true;
    }

    // ---- what happens to it

    void stop() {
        if (running) {
            shard.trace.say(() -> "  PostgreSQL of " + name + " stops");
        }
        endConnection();
        running = false;
        open = false;
        primary = null;
    }

    void crash() {
        stop();
        up = false;
        paused = false;
        work = null;
        heardAt = -1;
        token = -1;
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
        if (acts() && !running && !isBlank() && role == InstanceRole.STANDBY && !toldToStop && work == null) {
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

    // ---- replication

    /** The standby gets some of the log, if it can. */
    void receive(Chance chance, boolean all) {
        Instance source = upstream;
        if (source == null || !acts() || !running || role != InstanceRole.STANDBY) {
            return;
        }
        Primary sender = source.primary;
        if (!source.acts() || sender == null || !shard.network.bothWays(number, source.number)) {
            return;
        }
        if (!sender.isConnected(number, connection)) {
            if (!source.log().includes(log()) || (promised > assigned && shard.mutant != Mutant.KEEP_STREAMING)) {
                return;
            }
            connection = shard.nextConnection();
            sender.connect(number, connection);
        }
        int missing = source.log().length - log().length;
        if (missing > 0) {
            log = source.log().cut(log().length + (all ? missing : 1 + chance.below(missing)));
        }
        shard.send(new Message.Confirmation(number, source.number, connection, log().length));
    }

    /** The last that the primary sends while it ends in good order. */
    void receiveLast(Entry end) {
        if (acts() && running && end.includes(log())) {
            log = end;
        }
    }

    void confirmed(Message.Confirmation confirmation) {
        if (acts() && primary != null && primary.isConnected(confirmation.from(), confirmation.connection())) {
            primary.confirmed(confirmation.from(), confirmation.flushed());
        }
    }

    private void endConnection() {
        if (upstream != null
                && upstream.primary != null
                && upstream.primary.isConnected(number, connection)
                && shard.network.carries(number, upstream.number)) {
            upstream.primary.disconnect(number);
        }
        connection = 0;
    }

    // ---- lease

    void heartbeat() {
        Instance to = upstream;
        if (to == null || !acts() || isBlank()) {
            return;
        }
        upstreamRefused = !to.up && shard.network.bothWays(number, to.number);
        if (!to.acts() || !shard.network.carries(number, to.number)) {
            return;
        }
        if (to.primary != null && promised > to.assigned) {
            to.stop();
        } else if (to.primary != null && token >= 0 && tokenBoot == to.boot) {
            to.lease.byPeer(number, token);
        }
        if (shard.network.carries(to.number, number)) {
            token = to.localNow();
            tokenBoot = to.boot;
            heardAt = to.isPrimary() && to.assigned == assigned ? shard.now : heardAt;
        }
    }

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

    @Nullable
    Long upstreamSilence() {
        return heardAt < 0 ? null : Long.valueOf(shard.now - heardAt);
    }

    boolean upstreamRefused() {
        return upstreamRefused;
    }

    boolean isConnected() {
        return upstream != null && upstream.primary != null && upstream.primary.isConnected(number, connection);
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
