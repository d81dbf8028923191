package io.pgmosaic.router.topology;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where the stream comes from.
 *
 * @param urls base URLs, tried in turn
 * @param secretDirectory holds {@code ca.crt} and {@code token}
 * @param silence after so long without a line the stream counts as dead
 */
public record StreamSettings(String namespace, String cluster, List<URI> urls, Path secretDirectory, Duration silence) {
    public StreamSettings {
        urls = List.copyOf(urls);
    }

    /** Where a stream is asked for, going on from a position; null for none. */
    String streamPath(URI base, @Nullable String position) {
        return path(base) + "?since=" + (position == null ? "" : position);
    }

    /** The path below the base URL's own. */
    String path(URI base) {
        String prefix = base.getRawPath() == null ? "" : base.getRawPath();
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        return prefix + "/topology/v1/namespaces/" + namespace + "/clusters/" + cluster;
    }
}
