package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Server-side apply. A manager's last apply is remembered in {@code metadata.managedFields}:
 *
 * <ol>
 *   <li>fields that another manager owns with another value are a conflict, unless forced: then they change owner;
 *   <li>the given fields are merged into the live object;
 *   <li>fields that this manager gave last time and no longer gives are removed, unless another manager owns them, too.
 * </ol>
 *
 * Ownership by plain updates is not tracked: an update changes a value, the next apply that gives the field sets it.
 */
final class ServerSideApply {
    private static final Set<String> IDENTITY = Set.of("apiVersion", "kind");
    private static final List<String> NOT_APPLIED =
            List.of("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "name", "namespace");

    private final ObjectStore store;
    private final ObjectWriter writer;
    private final Clock clock;

    ServerSideApply(ObjectStore store, ObjectWriter writer, Clock clock) {
        this.store = store;
        this.writer = writer;
        this.clock = clock;
    }

    /** Who applies, and how. */
    record Manager(String name, boolean force, String subresource) {}

    /** The object after the apply, and whether it was created by it. */
    record Applied(ObjectNode object, boolean created) {}

    Applied apply(ResourceType type, ObjectKey key, ObjectNode wanted, Manager manager) {
        Optional<ObjectNode> found = store.find(key);
        ObjectNode applied = withoutIdentity(type, wanted, manager.subresource());
        ObjectNode fields = FieldOwnership.fieldsOf(applied, type.schema());
        if (found.isEmpty()) {
            if (!manager.subresource().isEmpty()
                    || !wanted.path("metadata").path("resourceVersion").asText().isEmpty()) {
                throw ApiProblem.notFound(key.toString());
            }
            ObjectNode object = applied;
            object.withObjectProperty("metadata").put("name", key.name());
            own(type, object, manager, fields);
            return new Applied(writer.create(type, key.namespace(), object), true);
        }
        ObjectNode live = found.get();
        ObjectWriter.checkVersion(key, live, wanted);
        ObjectNode next = live.deepCopy();
        Merges.apply(next, applied, type.schema());
        settleConflicts(key, live, next, manager, fields, type.schema());
        FieldOwnership.remove(next, abandoned(live, manager, fields));
        own(type, next, manager, fields);
        return new Applied(writer.replace(type, key, next, manager.subresource()), false);
    }

    private static ObjectNode withoutIdentity(ResourceType type, ObjectNode wanted, String subresource) {
        ObjectNode applied = wanted.deepCopy();
        if (subresource.equals("status")) {
            applied.retain("status");
            return applied;
        }
        applied.remove(IDENTITY);
        applied.withObjectProperty("metadata").remove(NOT_APPLIED);
        if (type.statusSubresource()) {
            applied.remove("status");
        }
        return applied;
    }

    /** Fields of another manager that this apply changes: refused, or taken from it by force. */
    private static void settleConflicts(
            ObjectKey key, ObjectNode live, ObjectNode next, Manager manager, ObjectNode fields, JsonNode schema) {
        ObjectNode changed = FieldOwnership.intersection(fields, differences(live, next, schema));
        for (JsonNode entry : next.path("metadata").path("managedFields")) {
            if (isOf(entry, manager)) {
                continue;
            }
            JsonNode others = entry.path("fieldsV1");
            ObjectNode contested = FieldOwnership.intersection(changed, others);
            if (contested.isEmpty()) {
                continue;
            }
            if (!manager.force()) {
                throw ApiProblem.conflict("Apply failed on " + key + ": conflict with \""
                        + entry.path("manager").asText() + "\": " + contested);
            }
            ((ObjectNode) entry).set("fieldsV1", FieldOwnership.minus(others, contested));
        }
    }

    /** The fields of {@code next} whose values {@code live} does not have. */
    private static ObjectNode differences(JsonNode live, JsonNode next, JsonNode schema) {
        ObjectNode fields = FieldOwnership.fieldsOf(next, schema);
        ObjectNode same = JsonNodeFactory.instance.objectNode();
        unchanged(live, next, fields, same);
        return FieldOwnership.minus(fields, same);
    }

    private static void unchanged(JsonNode live, JsonNode next, ObjectNode fields, ObjectNode same) {
        fields.properties().forEach(entry -> {
            String name = entry.getKey().startsWith("f:") ? entry.getKey().substring(2) : "";
            JsonNode before = live.path(name);
            JsonNode after = next.path(name);
            if (name.isEmpty() || before.isMissingNode()) {
                return;
            }
            if (before.equals(after)) {
                same.set(entry.getKey(), entry.getValue());
            } else if (after.isObject()) {
                ObjectNode inner = JsonNodeFactory.instance.objectNode();
                unchanged(before, after, (ObjectNode) entry.getValue(), inner);
                same.set(entry.getKey(), inner);
            }
        });
    }

    /** What this manager gave last time, does not give now, and nobody else gives. */
    private static ObjectNode abandoned(ObjectNode live, Manager manager, ObjectNode fields) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        JsonNode entries = live.path("metadata").path("managedFields");
        for (JsonNode entry : entries) {
            if (isOf(entry, manager)) {
                rest = FieldOwnership.minus(entry.path("fieldsV1"), fields);
            }
        }
        for (JsonNode entry : entries) {
            if (!isOf(entry, manager)) {
                rest = FieldOwnership.minus(rest, entry.path("fieldsV1"));
            }
        }
        return rest;
    }

    private void own(ResourceType type, ObjectNode object, Manager manager, ObjectNode fields) {
        ArrayNode entries = object.withObjectProperty("metadata").withArrayProperty("managedFields");
        for (JsonNode entry : entries) {
            if (isOf(entry, manager)) {
                if (!entry.path("fieldsV1").equals(fields)) {
                    ((ObjectNode) entry).put("time", now()).set("fieldsV1", fields);
                }
                return;
            }
        }
        ObjectNode entry = entries.addObject()
                .put("manager", manager.name())
                .put("operation", "Apply")
                .put("apiVersion", type.apiVersion())
                .put("time", now())
                .put("fieldsType", "FieldsV1");
        entry.set("fieldsV1", fields);
        if (!manager.subresource().isEmpty()) {
            entry.put("subresource", manager.subresource());
        }
    }

    private static boolean isOf(JsonNode entry, Manager manager) {
        return entry.path("manager").asText().equals(manager.name())
                && entry.path("operation").asText().equals("Apply")
                && entry.path("subresource").asText().equals(manager.subresource());
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
