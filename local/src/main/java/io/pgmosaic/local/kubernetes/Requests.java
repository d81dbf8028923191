package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Carries out requests on resources, except watches. */
final class Requests {
    private static final ObjectMapper JSON = new JsonMapper();
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final List<String> KNOWN_SUBRESOURCES = List.of("", "status");

    private final ObjectStore store;
    private final ObjectWriter writer;
    private final ServerSideApply apply;
    private final GarbageCollector garbage;

    Requests(ObjectStore store, ObjectWriter writer, ServerSideApply apply, GarbageCollector garbage) {
        this.store = store;
        this.writer = writer;
        this.apply = apply;
        this.garbage = garbage;
    }

    /**
     * One request.
     *
     * @param query name of a query parameter to its value, empty when it is absent
     * @param body empty when there is none
     */
    record Request(String method, ResourcePath path, UnaryOperator<String> query, String contentType, String body) {}

    /** A status code and a JSON document. */
    record Answer(int code, JsonNode document) {}

    Answer answer(ResourceType type, Request request) {
        ResourcePath path = request.path();
        if (type.kind().equals("Pod") && path.subresource().equals("eviction")) {
            return ok(delete(type, keyOf(type, path), JsonNodeFactory.instance.objectNode()));
        }
        if (path.subresource().equals("scale") && type.group().equals("apps")) {
            return ok(scale(type, request));
        }
        if (!KNOWN_SUBRESOURCES.contains(path.subresource())) {
            throw ApiProblem.noSuchPath(path.plural() + "/" + path.subresource());
        }
        return switch (request.method()) {
            case "GET" -> ok(path.name().isEmpty() ? list(type, request) : writer.require(keyOf(type, path)));
            case "POST" -> new Answer(201, writer.create(type, path.namespace(), object(request.body())));
            case "PUT" -> ok(writer.replace(type, keyOf(type, path), object(request.body()), path.subresource()));
            case "PATCH" -> patch(type, request);
            case "DELETE" -> ok(path.name().isEmpty() ? deleteAll(type, request) : delete(type, request));
            default -> throw ApiProblem.methodNotAllowed(request.method());
        };
    }

    /** The objects that the request's selectors choose. */
    List<ObjectNode> select(ResourceType type, Request request) {
        var labels = Selector.labels(request.query().apply("labelSelector"));
        var fields = Selector.fields(request.query().apply("fieldSelector"));
        return store.list(type, request.path().namespace()).stream()
                .filter(labels.and(fields))
                .toList();
    }

    private JsonNode list(ResourceType type, Request request) {
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("kind", type.kind() + "List")
                .put("apiVersion", type.apiVersion());
        list.putObject("metadata").put("resourceVersion", Long.toString(store.version()));
        select(type, request).forEach(list.putArray("items")::add);
        return list;
    }

    private Answer patch(ResourceType type, Request request) {
        ObjectKey key = keyOf(type, request.path());
        String subresource = request.path().subresource();
        if (request.contentType().startsWith("application/apply-patch")) {
            String manager = request.query().apply("fieldManager");
            if (manager.isEmpty()) {
                throw ApiProblem.badRequest("PatchOptions is invalid: fieldManager: Required value");
            }
            boolean force = request.query().apply("force").equals("true");
            var applied = apply.apply(
                    type, key, object(request.body()), new ServerSideApply.Manager(manager, force, subresource));
            return new Answer(applied.created() ? 201 : 200, applied.object());
        }
        ObjectNode live = writer.require(key);
        ObjectNode next = live.deepCopy();
        switch (request.contentType().replaceAll(";.*", "")) {
            case "application/json-patch+json" -> next = operations(next, request.body());
            case "application/merge-patch+json" -> Merges.mergePatch(next, object(request.body()));
            case "application/strategic-merge-patch+json" ->
                Merges.strategicPatch(next, object(request.body()), type.schema());
            default -> throw ApiProblem.unsupportedMediaType(request.contentType());
        }
        return ok(writer.replace(type, key, next, subresource));
    }

    private static ObjectNode operations(ObjectNode target, String body) {
        try {
            return (ObjectNode) JsonPatch.apply(read(body), target);
        } catch (JsonPatchException e) {
            throw ApiProblem.invalid("the patch does not apply: " + e.getMessage());
        }
    }

    private JsonNode delete(ResourceType type, Request request) {
        ObjectNode options = request.body().isBlank() ? JsonNodeFactory.instance.objectNode() : object(request.body());
        for (String option : List.of("gracePeriodSeconds", "propagationPolicy")) {
            String given = request.query().apply(option);
            if (!given.isEmpty()) {
                options.put(option, given);
            }
        }
        return delete(type, keyOf(type, request.path()), options);
    }

    private JsonNode delete(ResourceType type, ObjectKey key, JsonNode options) {
        ObjectNode live = writer.require(key);
        ObjectWriter.checkVersion(
                key, live, JsonNodeFactory.instance.objectNode().set("metadata", options.path("preconditions")));
        if (options.path("propagationPolicy").asText().equals("Orphan")) {
            garbage.orphanDependentsOf(live);
        }
        if (type.kind().equals("Namespace")) {
            store.forEach((each, itsKey, object) -> {
                if (itsKey.namespace().equals(key.name()) && store.find(itsKey).isPresent()) {
                    writer.delete(each, itsKey, Optional.empty());
                }
            });
        }
        Optional<Long> grace = options.has("gracePeriodSeconds")
                ? Optional.of(options.path("gracePeriodSeconds").asLong())
                : Optional.empty();
        return writer.delete(type, key, grace);
    }

    private JsonNode deleteAll(ResourceType type, Request request) {
        JsonNode list = list(type, request);
        for (JsonNode object : list.path("items")) {
            JsonNode metadata = object.path("metadata");
            delete(
                    type,
                    ObjectKey.of(
                            type,
                            metadata.path("namespace").asText(),
                            metadata.path("name").asText()),
                    JsonNodeFactory.instance.objectNode());
        }
        return list;
    }

    /** The {@code scale} subresource: the wanted and the actual number of replicas alone. */
    private JsonNode scale(ResourceType type, Request request) {
        ObjectKey key = keyOf(type, request.path());
        ObjectNode object = writer.require(key);
        if (!request.method().equals("GET")) {
            ObjectNode next = object.deepCopy();
            JsonNode replicas = read(request.body()).at("/spec/replicas");
            if (!replicas.isIntegralNumber()) {
                throw ApiProblem.invalid("spec.replicas: Required value");
            }
            next.withObjectProperty("spec").set("replicas", replicas);
            object = writer.replace(type, key, next, "");
        }
        ObjectNode scale = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "autoscaling/v1")
                .put("kind", "Scale");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion")) {
            metadata.set(field, object.path("metadata").path(field));
        }
        scale.putObject("spec").put("replicas", object.at("/spec/replicas").asInt(1));
        scale.putObject("status").put("replicas", object.at("/status/replicas").asInt());
        return scale;
    }

    private static ObjectKey keyOf(ResourceType type, ResourcePath path) {
        return ObjectKey.of(type, path.namespace(), path.name());
    }

    private static Answer ok(JsonNode document) {
        return new Answer(200, document);
    }

    private static ObjectNode object(String body) {
        if (read(body) instanceof ObjectNode object) {
            return object;
        }
        throw ApiProblem.badRequest("the body is not a JSON or YAML object");
    }

    /** YAML is a superset of JSON, and apply patches come as either. */
    static JsonNode read(String body) {
        try {
            boolean json = body.startsWith("{") || body.startsWith("[");
            return (json ? JSON : YAML).readTree(body);
        } catch (JsonProcessingException e) {
            throw ApiProblem.badRequest("the body cannot be read: " + e.getOriginalMessage());
        }
    }
}
