package io.pgmosaic.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalDouble;

/** A file of figures, one JSON object a line: what it is called, its value and unit, and how it came about. */
public final class Figures {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    private Figures(Path file) {
        this.file = file;
    }

    /** @param file that figures are appended to; it and its folder need not exist */
    public static Figures at(Path file) {
        return new Figures(file.toAbsolutePath());
    }

    /** Appends a figure. */
    public void add(String name, double value, String unit, String how) {
        var figure = JSON.createObjectNode()
                .put("name", name)
                .put("value", Math.round(value * 1000) / 1000.0)
                .put("unit", unit)
                .put("how", how);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, figure + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The newest value of a figure; empty when there is none. */
    public OptionalDouble value(String name) {
        if (!Files.exists(file)) {
            return OptionalDouble.empty();
        }
        OptionalDouble value = OptionalDouble.empty();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode figure = JSON.readTree(line);
                if (figure.path("name").asText().equals(name)) {
                    value = OptionalDouble.of(figure.path("value").asDouble());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return value;
    }
}
