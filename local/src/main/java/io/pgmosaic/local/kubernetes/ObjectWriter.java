package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Creates, replaces and deletes objects by the API server's rules; every way of writing ends here. */
final class ObjectWriter {
    private static final List<String> OWNED_BY_SERVER = List.of(
            "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "namespace");
    private static final Set<String> NOT_SPEC = Set.of("metadata", "status", "apiVersion", "kind");
    private static final int DEFAULT_GRACE_SECONDS = 30;

    private final ObjectStore store;
    private final Clock clock;

    ObjectWriter(ObjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Takes ownership of {@code object}. */
    ObjectNode create(ResourceType type, String namespace, ObjectNode object) {
        ObjectNode metadata = object.withObjectProperty("metadata");
        if (metadata.path("name").asText().isEmpty()
                && !metadata.path("generateName").asText().isEmpty()) {
            metadata.put("name", metadata.path("generateName").asText() + suffix());
        }
        String name = metadata.path("name").asText();
        if (name.isEmpty()) {
            throw ApiProblem.invalid(type.kind() + " is invalid: metadata.name: Required value");
        }
        checkNamespace(metadata, namespace);
        ObjectKey key = ObjectKey.of(type, namespace, name);
        if (store.find(key).isPresent()) {
            throw ApiProblem.exists(key.toString());
        }
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        OWNED_BY_SERVER.forEach(metadata::remove);
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        }
        metadata.put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", now())
                .put("generation", 1);
        if (type.statusSubresource()) {
            object.remove("status");
        }
        settle(type, object);
        return store.put(type, key, object);
    }

    /**
     * Replaces an object, or its status alone. Nothing is written, and the resource version stays, when nothing changes.
     * The last finalizer's removal from an object that is being deleted removes the object.
     */
    ObjectNode replace(ResourceType type, ObjectKey key, ObjectNode wanted, String subresource) {
        ObjectNode live = require(key);
        checkVersion(key, live, wanted);
        ObjectNode next;
        if (subresource.equals("status")) {
            next = live.deepCopy();
            copyOrRemove(wanted, next, "status");
            copyOrRemove(wanted.withObjectProperty("metadata"), next.withObjectProperty("metadata"), "managedFields");
        } else {
            checkNamespace(wanted.withObjectProperty("metadata"), key.namespace());
            next = wanted;
            next.put("apiVersion", type.apiVersion()).put("kind", type.kind());
            ObjectNode metadata = next.withObjectProperty("metadata");
            metadata.put("name", key.name());
            OWNED_BY_SERVER.forEach(field -> copyOrRemove(live.withObjectProperty("metadata"), metadata, field));
            if (!metadata.has("managedFields")) {
                copyOrRemove(live.withObjectProperty("metadata"), metadata, "managedFields");
            }
            if (type.statusSubresource()) {
                copyOrRemove(live, next, "status");
            }
        }
        settle(type, next);
        ObjectNode metadata = next.withObjectProperty("metadata");
        if (!specOf(live).equals(specOf(next))) {
            metadata.put("generation", live.path("metadata").path("generation").asLong() + 1);
        }
        metadata.set("resourceVersion", live.path("metadata").path("resourceVersion"));
        if (next.equals(live)) {
            return live;
        }
        if (isDone(type, next)) {
            store.remove(key);
            return next;
        }
        return store.put(type, key, next);
    }

    /**
     * Deletes as far as finalizers and a pod's grace period allow.
     *
     * @param graceSeconds how long a pod may take; empty means as long as its spec says; zero removes it
     * @return the object, being deleted or just removed
     */
    ObjectNode delete(ResourceType type, ObjectKey key, Optional<Long> graceSeconds) {
        ObjectNode live = require(key);
        boolean graceful = type.kind().equals("Pod") && !Optional.of(0L).equals(graceSeconds);
        boolean held = !live.path("metadata").path("finalizers").isEmpty();
        if (!graceful && !held) {
            store.remove(key);
            return live;
        }
        if (live.path("metadata").has("deletionTimestamp") && (graceful || held)) {
            return live;
        }
        ObjectNode next = live.deepCopy();
        ObjectNode metadata = next.withObjectProperty("metadata");
        metadata.put("deletionTimestamp", now());
        if (graceful) {
            metadata.put("deletionGracePeriodSeconds", graceSeconds.orElseGet(() -> live.path("spec")
                    .path("terminationGracePeriodSeconds")
                    .asLong(DEFAULT_GRACE_SECONDS)));
        }
        metadata.put("generation", metadata.path("generation").asLong() + 1);
        return store.put(type, key, next);
    }

    ObjectNode require(ObjectKey key) {
        return store.find(key).orElseThrow(() -> ApiProblem.notFound(key.toString()));
    }

    /** Refuses {@code wanted} when it was made from another state than the stored one. */
    static void checkVersion(ObjectKey key, JsonNode live, JsonNode wanted) {
        for (String field : List.of("resourceVersion", "uid")) {
            String based = wanted.path("metadata").path(field).asText();
            if (!based.isEmpty()
                    && !based.equals(live.path("metadata").path(field).asText())) {
                throw ApiProblem.modified(key.toString());
            }
        }
    }

    private static boolean isDone(ResourceType type, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && !type.kind().equals("Pod");
    }

    private static void settle(ResourceType type, ObjectNode object) {
        if (type.kind().equals("Secret") && object.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = object.withObjectProperty("data");
            plain.properties()
                    .forEach(entry -> data.put(
                            entry.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
        for (String part : List.of("spec", "status")) {
            JsonNode schema = type.schema().path("properties").path(part);
            if (object.has(part) && !schema.isMissingNode()) {
                Schemas.prune(object.path(part), schema);
                Schemas.applyDefaults(object.path(part), schema);
                SchemaCheck.check(type, object.path(part), part, schema);
            }
        }
    }

    private static ObjectNode specOf(ObjectNode object) {
        return object.deepCopy().without(NOT_SPEC);
    }

    private static void checkNamespace(JsonNode metadata, String namespace) {
        String given = metadata.path("namespace").asText();
        if (!given.isEmpty() && !given.equals(namespace)) {
            throw ApiProblem.badRequest("the namespace of the object (" + given
                    + ") does not match the namespace on the request (" + namespace + ")");
        }
    }

    private static void copyOrRemove(ObjectNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String suffix() {
        return UUID.randomUUID().toString().substring(0, 5);
    }
}
