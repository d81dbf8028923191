package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether a table is fit to be guarded as it is declared. Pure. */
final class TableCheck {
    private static final Set<String> ORDINARY_OR_PARTITIONED = Set.of("r", "p");

    private TableCheck() {}

    /** What must be changed, for a person; empty when nothing must. */
    static Optional<String> problem(TableSpec table, TableFacts facts) {
        String name = table.qualifiedName();
        if (!ORDINARY_OR_PARTITIONED.contains(facts.kind())) {
            return Optional.of(name + " is not a table; list the table itself under spec.sharding.tables");
        }
        for (KeyColumn column : table.key()) {
            String type = facts.columnTypes().get(column.column());
            if (type == null) {
                return Optional.of(
                        name + " has no column " + column.column() + ", which spec.sharding.tables names as its key");
            }
            KeyColumnType declared = Objects.requireNonNull(column.type(), "a validated column has a type");
            if (!typesOf(declared).contains(type)) {
                return Optional.of("column " + column.column() + " of " + name + " is " + type
                        + ", spec.sharding.tables says it is one of " + String.join(", ", typesOf(declared)));
            }
            if (column.role() != ColumnRole.DETAIL && !facts.primaryKey().contains(column.column())) {
                return Optional.of("the key column " + column.column() + " is not in the primary key of " + name
                        + "; a row must be identified by columns that say where it lives: ALTER TABLE " + name
                        + " ADD PRIMARY KEY (" + column.column() + ", ...)");
            }
        }
        return Optional.empty();
    }

    private static Set<String> typesOf(KeyColumnType type) {
        return switch (type) {
            case BIGINT -> Set.of("bigint", "integer", "smallint");
            case TEXT -> Set.of("character varying", "text");
            case UUID -> Set.of("uuid");
            case TIMESTAMP -> Set.of("timestamp with time zone");
        };
    }
}
