package io.pgmosaic.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The API reference: a table for every object of the resources, made from their schemas. */
final class ApiReference {
    private static final String INTRODUCTION = """
            # API reference

            <!-- Made from the CustomResourceDefinitions. Do not edit; write it anew with: REGENERATE -->

            API group `pgmosaic.io`, version `v1alpha1`. All resources are namespaced and in the category `pgmosaic`
            (`kubectl get pgmosaic`). The definitions need Kubernetes 1.29 or newer.

            An API server refuses what breaks a rule below. The operator checks the same rules again, and those that need more
            than the document itself; a ShardedCluster that breaks one of them gets the condition `Stalled` with the reason,
            and what runs stays as it was.
            """;

    private final StringBuilder text = new StringBuilder();

    private ApiReference() {}

    static String markdown(List<CustomResourceDefinition> definitions) {
        ApiReference reference = new ApiReference();
        reference.text.append(INTRODUCTION.replace("REGENERATE", DerivedFiles.HOW_TO_REGENERATE));
        definitions.forEach(reference::resource);
        return reference.text.toString();
    }

    private void resource(CustomResourceDefinition definition) {
        CustomResourceDefinitionVersion version =
                definition.getSpec().getVersions().getFirst();
        String kind = definition.getSpec().getNames().getKind();
        text.append("\n## %s\n\n".formatted(kind));
        text.append("`kubectl get %s`, or `%s` for short. Columns: %s.\n"
                .formatted(
                        definition.getSpec().getNames().getPlural(),
                        String.join(", ", definition.getSpec().getNames().getShortNames()),
                        version.getAdditionalPrinterColumns().stream()
                                .map(ApiReference::column)
                                .collect(Collectors.joining(", "))));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        rules(root);
        new TreeMap<>(root.getProperties()).forEach((name, schema) -> object(kind, name, schema));
    }

    private static String column(CustomResourceColumnDefinition column) {
        boolean wide = column.getPriority() != null && column.getPriority() > 0;
        return column.getName() + (wide ? " (with `-o wide`)" : "");
    }

    /** One section for the object at {@code path}, then those of the objects inside it. */
    private void object(String kind, String path, JSONSchemaProps schema) {
        text.append("\n### %s `%s`\n\n".formatted(kind, path));
        text.append("| field | type | default | limits | description |\n|---|---|---|---|---|\n");
        List<String> required = schema.getRequired() == null ? List.of() : schema.getRequired();
        Map<String, JSONSchemaProps> fields = new TreeMap<>(schema.getProperties());
        fields.forEach((name, field) -> text.append("| `%s`%s | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        required.contains(name) ? " (required)" : "",
                        type(path + "." + name, field),
                        defaultValue(field),
                        Limits.of(field),
                        cell(field.getDescription() == null ? "" : field.getDescription()))));
        rules(schema);
        fields.forEach((name, field) -> {
            String below = path + "." + name;
            if (KubernetesTypes.FIELDS.contains(below)) {
                return;
            }
            if (field.getItems() != null) {
                nested(kind, below + "[]", field.getItems().getSchema());
            } else {
                nested(kind, below, field);
            }
        });
    }

    private void nested(String kind, String path, JSONSchemaProps schema) {
        if (schema.getProperties() != null && !schema.getProperties().isEmpty()) {
            object(kind, path, schema);
        }
    }

    private void rules(JSONSchemaProps schema) {
        List<String> messages = new ArrayList<>();
        schema.getXKubernetesValidations().stream()
                .map(ValidationRule::getMessage)
                .forEach(messages::add);
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(field -> field.getXKubernetesValidations().stream()
                    .filter(rule -> field.getProperties() == null
                            || field.getProperties().isEmpty())
                    .map(ValidationRule::getMessage)
                    .forEach(messages::add));
        }
        if (!messages.isEmpty()) {
            text.append("\nRules, with the message that is given:\n\n");
            messages.forEach(message -> text.append("* ").append(message).append('\n'));
        }
    }

    private static String type(String path, JSONSchemaProps field) {
        if (KubernetesTypes.FIELDS.contains(path)) {
            return "as in Kubernetes";
        }
        if (field.getItems() != null) {
            return "list of " + field.getItems().getSchema().getType();
        }
        if (field.getAdditionalProperties() != null) {
            return "map to " + field.getAdditionalProperties().getSchema().getType();
        }
        return field.getType() == null ? "" : field.getType();
    }

    private static String defaultValue(JSONSchemaProps field) {
        if (field.getDefault() == null) {
            return "";
        }
        return field.getDefault().isObject()
                ? "see below"
                : "`" + field.getDefault().asText() + "`";
    }

    static String cell(String value) {
        return value.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
    }
}
