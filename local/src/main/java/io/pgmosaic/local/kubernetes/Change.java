package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One write, as the watches see it.
 *
 * @param before null when the object was created
 * @param after null when it was removed
 * @param tombstone the object as the deletion event shows it: its last state with the deletion's resource version
 */
record Change(
        long resourceVersion,
        ResourceType type,
        ObjectKey key,
        @Nullable ObjectNode before,
        @Nullable ObjectNode after,
        ObjectNode tombstone) {

    JsonNode last() {
        return after != null ? after : tombstone;
    }
}
