package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects as the rows that {@code kubectl get} prints, with the printer columns of the CustomResourceDefinition. */
public final class TableView {
    private static final Pattern STEP =
            Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d+)]|\\[\\?\\(@\\.(\\w+)\\s*==\\s*[\"']([^\"']*)[\"']\\)]");

    private final Clock clock;

    /** A view that computes ages by {@code clock}. */
    public TableView(Clock clock) {
        this.clock = clock;
    }

    /** A {@code meta.k8s.io/v1} Table of {@code objects}. */
    ObjectNode table(ResourceType type, List<? extends JsonNode> objects, String resourceVersion) {
        JsonNode columns =
                BuiltInColumns.of(type).orElseGet(() -> type.definition().path("additionalPrinterColumns"));
        ObjectNode table =
                JsonNodeFactory.instance.objectNode().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", resourceVersion);
        ArrayNode definitions = table.putArray("columnDefinitions");
        definitions.addObject().put("name", "Name").put("type", "string").put("format", "name");
        for (JsonNode column : columns) {
            ObjectNode definition = definitions
                    .addObject()
                    .put("name", column.path("name").asText())
                    .put("type", column.path("type").asText())
                    .put("priority", column.path("priority").asInt());
            definition.set("description", column.path("description"));
        }
        if (columns.isEmpty()) {
            definitions.addObject().put("name", "Age").put("type", "date");
        }
        ArrayNode rows = table.putArray("rows");
        for (JsonNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            cells.add(object.path("metadata").path("name"));
            columns.forEach(column -> cells.add(cell(object, column)));
            if (columns.isEmpty()) {
                cells.add(age(object.path("metadata").path("creationTimestamp").asText()));
            }
            row.set("object", object);
        }
        return table;
    }

    /** The text of one printer column, empty when the object has no such value. */
    public String cell(JsonNode object, JsonNode column) {
        JsonNode value = column.has("computed")
                ? BuiltInColumns.compute(column.path("computed").asText(), object)
                : find(object, column.path("jsonPath").asText());
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return column.path("type").asText().equals("date")
                ? age(value.asText())
                : value.isValueNode() ? value.asText() : value.toString();
    }

    private String age(String timestamp) {
        if (timestamp.isEmpty()) {
            return "";
        }
        Duration age = Duration.between(OffsetDateTime.parse(timestamp).toInstant(), clock.instant());
        if (age.toMinutes() < 2) {
            return Math.max(0, age.toSeconds()) + "s";
        }
        return age.toHours() < 2 ? age.toMinutes() + "m" : age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
    }

    /** The part of JSONPath that printer columns use: fields, indexes, and filters by one equal field. */
    private static JsonNode find(JsonNode object, String path) {
        JsonNode value = object;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            if (step.group(1) != null) {
                value = value.path(step.group(1));
            } else if (step.group(2) != null) {
                value = value.path(Integer.parseInt(step.group(2)));
            } else {
                value = first(value, step.group(3), step.group(4));
            }
        }
        return value;
    }

    private static JsonNode first(JsonNode items, String field, String wanted) {
        for (JsonNode item : items) {
            if (item.path(field).asText().equals(wanted)) {
                return item;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
