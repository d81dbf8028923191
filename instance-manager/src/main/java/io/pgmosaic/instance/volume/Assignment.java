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
 * @param upstream whom a standby streams from; null on a primary
 * @param slot the upstream's slot for this instance; null on a primary
 */
public record Assignment(
        InstanceRole role,
        long term,
        boolean stopped,
        @Nullable Upstream upstream,
        @Nullable String slot,
        PostgresConfiguration configuration) {

    public static Assignment primary(long term, PostgresConfiguration configuration) {
        return new Assignment(InstanceRole.PRIMARY, term, false, null, null, configuration);
    }

    public static Assignment standby(long term, Upstream upstream, String slot, PostgresConfiguration configuration) {
        return new Assignment(InstanceRole.STANDBY, term, false, upstream, slot, configuration);
    }

    public Assignment withStopped(boolean nowStopped) {
        return new Assignment(role, term, nowStopped, upstream, slot, configuration);
    }

    public Assignment withConfiguration(PostgresConfiguration changed) {
        return new Assignment(role, term, stopped, upstream, slot, changed);
    }
}
