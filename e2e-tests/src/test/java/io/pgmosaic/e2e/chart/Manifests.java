package io.pgmosaic.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects in a text of YAML documents. */
record Manifests(List<JsonNode> objects) {
    private static final YAMLMapper YAML = new YAMLMapper();

    static Manifests parse(String text) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return new Manifests(
                    documents.readAll().stream().filter(JsonNode::isObject).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<JsonNode> of(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    /** The only object of a kind. */
    JsonNode only(String kind) {
        List<JsonNode> found = of(kind).toList();
        if (found.size() != 1) {
            throw new AssertionError("there are " + found.size() + " objects of kind " + kind + ", not one");
        }
        return found.getFirst();
    }

    /** Kind and name of every object, and its namespace if it has one, in the order in which they come. */
    List<String> names() {
        return objects.stream()
                .map(object -> object.path("kind").asText() + " "
                        + Stream.of(object.at("/metadata/namespace"), object.at("/metadata/name"))
                                .filter(JsonNode::isTextual)
                                .map(JsonNode::asText)
                                .reduce((namespace, name) -> namespace + "/" + name)
                                .orElseThrow())
                .toList();
    }

    /** The texts in a list. */
    static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
