package io.pgmosaic.protocol.topology;

import java.util.List;

/**
 * A sharded table.
 *
 * @param schema unquoted SQL name, {@code public} by default
 * @param name unquoted SQL name
 */
public record TableRule(String schema, String name, List<KeyColumn> key) {
    public TableRule {
        key = List.copyOf(key);
    }

    /** One column of a key, in the order in which the key is hashed. */
    public record KeyColumn(String column, KeyType type) {}

    /** {@code schema.name}, the form in which a request may name the table beside the bare name of a public one. */
    public String qualifiedName() {
        return schema + "." + name;
    }
}
