package io.pgmosaic.instance.volume;

import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * What the instance was last told to be, recorded before it is made so.
 *
 * @param role of the data: {@code PRIMARY} or {@code STANDBY}
 * @param term in which it was given that role; {@code configuration} belongs to it too
 * @param stopped told to stop, and not told otherwise since
 * @param upstream whom a standby streams from; null on a primary, and on a standby that was detached by a revoke
 * @param slot the upstream's slot for this instance; null when there is no upstream
 * @param open whether a primary was opened for applications since its server started
 */
public record Assignment(
        InstanceRole role,
        long term,
        boolean stopped,
        @Nullable Upstream upstream,
        @Nullable String slot,
        PostgresConfiguration configuration,
        boolean open,
        Unfinished unfinished) {

    /** Closed. */
    public static Assignment primary(long term, PostgresConfiguration configuration) {
        return new Assignment(InstanceRole.PRIMARY, term, false, null, null, configuration, false, Unfinished.NOTHING);
    }

    public static Assignment standby(long term, Upstream upstream, String slot, PostgresConfiguration configuration) {
        return new Assignment(
                InstanceRole.STANDBY, term, false, upstream, slot, configuration, false, Unfinished.NOTHING);
    }

    /**
     * A standby of {@code newTerm} that follows nobody, on this instance's data. Its configuration counts as older than
     * any of the term.
     */
    public Assignment detached(long newTerm) {
        PostgresConfiguration unnumbered = new PostgresConfiguration(
                0,
                configuration.parameters(),
                configuration.synchronousStandbyNames(),
                configuration.replicationSlots(),
                configuration.acceptClients());
        Unfinished kept = unfinished == Unfinished.PROMOTION ? Unfinished.NOTHING : unfinished;
        return new Assignment(InstanceRole.STANDBY, newTerm, false, null, null, unnumbered, false, kept);
    }

    public Assignment withStopped(boolean nowStopped) {
        return new Assignment(role, term, nowStopped, upstream, slot, configuration, open, unfinished);
    }

    public Assignment withConfiguration(PostgresConfiguration changed) {
        return new Assignment(role, term, stopped, upstream, slot, changed, open, unfinished);
    }

    public Assignment withOpen(boolean nowOpen) {
        return new Assignment(role, term, stopped, upstream, slot, configuration, nowOpen, unfinished);
    }

    public Assignment with(Unfinished work) {
        return new Assignment(role, term, stopped, upstream, slot, configuration, open, work);
    }

    /** Whether applications are to be let in: on a primary only once it was opened. */
    public boolean admitsApplications() {
        return configuration.acceptClients() && !closed();
    }

    /** Whether this is a primary that was not opened yet. */
    public boolean closed() {
        return role == InstanceRole.PRIMARY && !open;
    }

    /** Whether this is a standby that follows nobody. */
    public boolean isDetached() {
        return role == InstanceRole.STANDBY && upstream == null;
    }
}
