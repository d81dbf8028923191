package io.pgmosaic.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a schema says of a field's values, in words. */
final class Limits {
    private Limits() {}

    static String of(JSONSchemaProps field) {
        List<String> limits = new ArrayList<>();
        if (!field.getEnum().isEmpty()) {
            limits.add(field.getEnum().stream().map(JsonNode::asText).collect(Collectors.joining("`, `", "`", "`")));
        }
        range(limits, number(field.getMinimum()), number(field.getMaximum()), "");
        range(limits, number(field.getMinLength()), number(field.getMaxLength()), " characters");
        range(limits, number(field.getMinItems()), number(field.getMaxItems()), " elements");
        range(limits, number(field.getMinProperties()), number(field.getMaxProperties()), " entries");
        if (field.getPattern() != null) {
            limits.add("`" + ApiReference.cell(field.getPattern()) + "`");
        }
        if (field.getItems() != null && field.getItems().getSchema().getPattern() != null) {
            limits.add("each `" + ApiReference.cell(field.getItems().getSchema().getPattern()) + "`");
        }
        if ("set".equals(field.getXKubernetesListType())) {
            limits.add("no duplicates");
        }
        if ("map".equals(field.getXKubernetesListType())) {
            limits.add("no two with the same " + String.join(" and ", field.getXKubernetesListMapKeys()));
        }
        return String.join("; ", limits);
    }

    private static @Nullable String number(@Nullable Number value) {
        return value == null
                ? null
                : new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }

    private static void range(List<String> limits, @Nullable String least, @Nullable String most, String unit) {
        if (least != null && most != null) {
            limits.add(least + " to " + most + unit);
        } else if (least != null) {
            limits.add("at least " + least + unit);
        } else if (most != null) {
            limits.add("at most " + most + unit);
        }
    }
}
