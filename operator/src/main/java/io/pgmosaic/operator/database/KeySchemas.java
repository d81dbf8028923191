package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;

import java.util.Objects;

/** A declared table's key, as the routing library has it. */
public final class KeySchemas {
    private KeySchemas() {}

    /** The key of a table of a validated spec. */
    public static KeySchema of(TableSpec table) {
        return new KeySchema(table.key().stream()
                .map(column -> new KeyColumn(
                        column.column(), type(Objects.requireNonNull(column.type(), "a validated column has a type"))))
                .toList());
    }

    private static KeyType type(KeyColumnType type) {
        return switch (type) {
            case BIGINT -> KeyType.BIGINT;
            case TEXT -> KeyType.TEXT;
            case UUID -> KeyType.UUID;
        };
    }
}
