package io.pgmosaic.operator.injection;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One addition of a JSON patch (RFC 6902).
 *
 * @param path a JSON pointer
 * @param value what Jackson can write
 */
public record PatchOperation(String path, Object value) {
    @JsonProperty("op")
    public String op() {
        return "add";
    }

    /** A name as a part of a pointer. */
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
