package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks a value against the parts of a structural schema that need no expression language: types, required fields,
 * enums, patterns and ranges. CEL rules are the real API server's; the operator checks the same rules again.
 */
final class SchemaCheck {
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck() {}

    /**
     * Refuses a value that does not fit.
     *
     * @throws ApiProblem 422 naming every field that is wrong, and why
     */
    static void check(ResourceType type, JsonNode value, String path, JsonNode schema) {
        SchemaCheck check = new SchemaCheck();
        check.visit(value, path, schema);
        if (!check.problems.isEmpty()) {
            throw ApiProblem.invalid(type.kind() + " is invalid: " + String.join("; ", check.problems));
        }
    }

    private void visit(JsonNode value, String path, JsonNode schema) {
        if ((value.isNull() && schema.path("nullable").asBoolean()) || !hasType(value, path, schema)) {
            return;
        }
        checkEnum(value, path, schema);
        if (value.isTextual()) {
            checkText(value.asText(), path, schema);
        } else if (value.isNumber()) {
            range(value.asDouble(), path, "should be", schema, "minimum", "maximum");
        } else if (value.isArray()) {
            range(value.size(), path, "number of items should be", schema, "minItems", "maxItems");
            for (int i = 0; i < value.size(); i++) {
                visit(value.get(i), path + "[" + i + "]", schema.path("items"));
            }
        } else if (value.isObject()) {
            range(value.size(), path, "number of entries should be", schema, "minProperties", "maxProperties");
            schema.path("required").forEach(name -> {
                if (!value.hasNonNull(name.asText())) {
                    problems.add(path + "." + name.asText() + ": Required value");
                }
            });
            value.properties()
                    .forEach(entry -> visit(
                            entry.getValue(), path + "." + entry.getKey(), Schemas.property(schema, entry.getKey())));
        }
    }

    private boolean hasType(JsonNode value, String path, JsonNode schema) {
        String type = schema.path("type").asText();
        boolean fits =
                switch (type) {
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    case "array" -> value.isArray();
                    case "object" -> value.isObject();
                    default -> true;
                };
        if (!fits && !schema.path("x-kubernetes-int-or-string").asBoolean()) {
            problems.add(path + ": Invalid value: " + shown(value) + ": must be of type " + type);
        }
        return fits;
    }

    private void checkEnum(JsonNode value, String path, JsonNode schema) {
        JsonNode allowed = schema.path("enum");
        for (JsonNode one : allowed) {
            if (one.equals(value)) {
                return;
            }
        }
        if (!allowed.isEmpty()) {
            problems.add(path + ": Unsupported value: " + shown(value) + ": supported values: " + allowed);
        }
    }

    private void checkText(String text, String path, JsonNode schema) {
        range(text.codePointCount(0, text.length()), path, "length should be", schema, "minLength", "maxLength");
        String pattern = schema.path("pattern").asText();
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
            problems.add(path + ": Invalid value: should match '" + pattern + "'");
        }
    }

    private void range(double value, String path, String what, JsonNode schema, String minimum, String maximum) {
        if (schema.has(minimum) && value < schema.path(minimum).asDouble()) {
            problems.add(path + ": Invalid value: " + what + " at least " + shown(schema, minimum));
        }
        if (schema.has(maximum) && value > schema.path(maximum).asDouble()) {
            problems.add(path + ": Invalid value: " + what + " at most " + shown(schema, maximum));
        }
    }

    private static String shown(JsonNode schema, String bound) {
        return new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(schema.path(bound).asDouble());
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}
