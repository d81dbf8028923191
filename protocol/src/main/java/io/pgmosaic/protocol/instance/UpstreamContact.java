package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.Nullable;

/**
 * What a standby's manager hears from the manager of the instance that it follows.
 *
 * @param instance that it follows
 * @param silenceMillis since the last answer that said that PostgreSQL there runs as the primary; null before the first
 * @param refused whether the last attempt found nobody listening: the process is gone, not merely slow
 */
public record UpstreamContact(String instance, @Nullable Long silenceMillis, boolean refused) {}
