package io.pgmosaic.local.kubernetes;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Where a request points to.
 *
 * @param namespace empty for cluster-scoped kinds and for lists over all namespaces
 * @param name empty for a collection
 * @param subresource empty, or {@code status} and the like
 */
record ResourcePath(String group, String version, String plural, String namespace, String name, String subresource) {

    /** Empty when the path is not one of a resource, such as the discovery paths. */
    static Optional<ResourcePath> parse(String path) {
        Deque<String> parts = new ArrayDeque<>(Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty())
                .toList());
        String root = next(parts);
        String group = root.equals("apis") ? next(parts) : "";
        String version = next(parts);
        if (!(root.equals("api") || root.equals("apis")) || parts.isEmpty()) {
            return Optional.empty();
        }
        String namespace = "";
        String plural = next(parts);
        if (plural.equals("namespaces") && parts.size() >= 2 && !isNamespaceSubresource(parts)) {
            namespace = next(parts);
            plural = next(parts);
        }
        return Optional.of(new ResourcePath(group, version, plural, namespace, next(parts), String.join("/", parts)));
    }

    private static boolean isNamespaceSubresource(Deque<String> parts) {
        return parts.size() == 2
                && (parts.getLast().equals("status") || parts.getLast().equals("finalize"));
    }

    private static String next(Deque<String> parts) {
        String part = parts.pollFirst();
        return part == null ? "" : part;
    }
}
