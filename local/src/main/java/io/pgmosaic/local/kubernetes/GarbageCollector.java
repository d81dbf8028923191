package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes an object when the last of its owners is gone, also when it was created after that (a controller that had not
 * heard of the deletion yet).
 */
final class GarbageCollector {
    private final ObjectStore store;
    private final ObjectWriter writer;
    private final Set<String> alive = new HashSet<>();

    GarbageCollector(ObjectStore store, ObjectWriter writer) {
        this.store = store;
        this.writer = writer;
        store.listen(this::onChange);
    }

    /** Lets the dependents of an object outlive it. Called before the object is removed. */
    void orphanDependentsOf(JsonNode owner) {
        String uid = uidOf(owner);
        store.forEach((type, key, object) -> {
            ObjectNode next = object.deepCopy();
            if (next.withObjectProperty("metadata").get("ownerReferences") instanceof ArrayNode owners
                    && removeOwner(owners, uid)) {
                writer.replace(type, key, next, "");
            }
        });
    }

    private static boolean removeOwner(ArrayNode owners, String uid) {
        int before = owners.size();
        for (int i = before - 1; i >= 0; i--) {
            if (owners.get(i).path("uid").asText().equals(uid)) {
                owners.remove(i);
            }
        }
        return owners.size() < before;
    }

    private void onChange(Change change) {
        if (change.after() != null) {
            alive.add(uidOf(change.last()));
            if (change.before() == null && isAbandoned(change.last())) {
                collect(change.type(), change.key(), uidOf(change.last()));
            }
            return;
        }
        alive.remove(uidOf(change.last()));
        store.forEach((type, key, object) -> {
            if (isAbandoned(object)) {
                collect(type, key, uidOf(object));
            }
        });
    }

    private boolean isAbandoned(JsonNode object) {
        JsonNode owners = object.path("metadata").path("ownerReferences");
        for (JsonNode owner : owners) {
            if (alive.contains(owner.path("uid").asText())) {
                return false;
            }
        }
        return !owners.isEmpty();
    }

    private void collect(ResourceType type, ObjectKey key, String uid) {
        Optional<ObjectNode> current =
                store.find(key).filter(object -> uidOf(object).equals(uid));
        if (current.isPresent()) {
            writer.delete(type, key, Optional.empty());
        }
    }

    private static String uidOf(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }
}
