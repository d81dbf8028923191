package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The documents by which a client finds out what this server serves. */
final class Discovery {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    /** The document at {@code path}, which has no trailing slash; empty when discovery has none there. */
    Optional<JsonNode> document(String path) {
        return switch (path) {
            case "/api" ->
                Optional.of(list("APIVersions", "versions", JSON.arrayNode().add("v1")));
            case "/apis" -> Optional.of(groups());
            case "/version" -> Optional.of(version());
            case "/openapi/v3" -> Optional.of(JSON.objectNode().set("paths", openApiPaths()));
            case "/healthz", "/livez", "/readyz" -> Optional.of(JSON.textNode("ok"));
            default -> path.startsWith("/openapi/v3/") ? Optional.of(openApi(path)) : resources(path);
        };
    }

    private Optional<JsonNode> resources(String path) {
        String groupVersion = path.startsWith("/apis/") ? path.substring(6) : path.substring(path.lastIndexOf('/') + 1);
        ArrayNode resources = JSON.arrayNode();
        for (ResourceType type : types.all()) {
            if (type.apiVersion().equals(groupVersion)) {
                resources.add(resource(type, "", VERBS));
                if (type.statusSubresource()) {
                    resources.add(resource(type, "/status", List.of("get", "patch", "update")));
                }
            }
        }
        return resources.isEmpty()
                ? group(groupVersion)
                : Optional.of(list("APIResourceList", "resources", resources)
                        .put("apiVersion", "v1")
                        .put("groupVersion", groupVersion));
    }

    private static ObjectNode resource(ResourceType type, String subresource, List<String> verbs) {
        ObjectNode resource = JSON.objectNode()
                .put("name", type.plural() + subresource)
                .put("singularName", type.singular())
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
        verbs.forEach(resource.putArray("verbs")::add);
        if (subresource.isEmpty()) {
            type.shortNames().forEach(resource.putArray("shortNames")::add);
            type.categories().forEach(resource.putArray("categories")::add);
        }
        return resource;
    }

    private ObjectNode groups() {
        ArrayNode groups = JSON.arrayNode();
        versionsByGroup().forEach((name, versions) -> groups.add(group(name, versions)));
        return list("APIGroupList", "groups", groups).put("apiVersion", "v1");
    }

    private Optional<JsonNode> group(String name) {
        return Optional.ofNullable(versionsByGroup().get(name))
                .map(versions -> group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1"));
    }

    private static ObjectNode group(String name, Set<String> versions) {
        ObjectNode group = JSON.objectNode().put("name", name);
        ArrayNode all = group.putArray("versions");
        versions.forEach(version ->
                all.addObject().put("groupVersion", name + "/" + version).put("version", version));
        group.set("preferredVersion", all.get(0));
        return group;
    }

    private Map<String, Set<String>> versionsByGroup() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (ResourceType type : types.all()) {
            if (!type.group().isEmpty()) {
                groups.computeIfAbsent(type.group(), group -> new LinkedHashSet<>())
                        .add(type.version());
            }
        }
        return groups;
    }

    private static ObjectNode version() {
        return JSON.objectNode()
                .put("major", "1")
                .put("minor", "34")
                .put("gitVersion", "v1.34.0+pgmosaic-local")
                .put("platform", "linux/amd64");
    }

    private ObjectNode openApiPaths() {
        ObjectNode paths = JSON.objectNode();
        for (ResourceType type : types.all()) {
            String path = (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
            paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path);
        }
        return paths;
    }

    /**
     * Just enough OpenAPI for {@code kubectl apply} to see that the server itself validates: the patch operation of each
     * kind, with its {@code fieldValidation} parameter.
     */
    private ObjectNode openApi(String path) {
        String prefix = path.substring("/openapi/v3".length());
        ObjectNode document = JSON.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "PgMosaic local").put("version", "v1.34.0");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        for (ResourceType type : types.all()) {
            String at = (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
            if (!at.equals(prefix)) {
                continue;
            }
            ObjectNode patch = paths.putObject(
                            at + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural() + "/{name}")
                    .putObject("patch");
            patch.putArray("parameters")
                    .addObject()
                    .put("name", "fieldValidation")
                    .put("in", "query");
            patch.set("x-kubernetes-group-version-kind", identity(type));
            JsonNode schema = type.schema();
            ObjectNode described = schemas.putObject(type.apiVersion().replace('/', '.') + "." + type.kind());
            if (schema.isObject()) {
                described.setAll((ObjectNode) schema.deepCopy());
            }
            described.putArray("x-kubernetes-group-version-kind").add(identity(type));
        }
        return document;
    }

    private static ObjectNode identity(ResourceType type) {
        return JSON.objectNode()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    private static ObjectNode list(String kind, String field, ArrayNode items) {
        ObjectNode list = JSON.objectNode().put("kind", kind);
        list.set(field, items);
        return list;
    }
}
