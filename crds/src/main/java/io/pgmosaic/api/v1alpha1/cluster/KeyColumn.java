package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/** One column of a sharding key. */
@ApiValue
public record KeyColumn(
        @JsonPropertyDescription(
                "Name of the column, in lower case. Unless its role is Detail, it must be NOT NULL and part of the table's primary key.")
        @Required
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String column,

        @JsonPropertyDescription(
                "BigInt: smallint, integer and bigint. Text: text and varchar. Uuid: uuid. Timestamp: timestamptz.")
        @Required
        @Nullable
        KeyColumnType type,

        @JsonPropertyDescription(
                "Key: the column decides on the shard, by its hash or its order, together with the others of this role. Region: it names the region, a text. Time: it decides on the placement by time, a timestamp. Detail: it decides nothing, and lookups may leave it out, as the message of a chat that lives with its channel.")
        @Default("Key")
        ColumnRole role) {

    public KeyColumn {
        column = column == null ? "" : column;
        role = role == null ? ColumnRole.KEY : role;
    }

    /** A column that decides on the shard. */
    public KeyColumn(String column, @Nullable KeyColumnType type) {
        this(column, type, ColumnRole.KEY);
    }

    /**
     * The type of a spec that has been checked.
     *
     * @throws IllegalStateException when the spec does not give one; there is no default, since a wrong one misplaces rows
     */
    public KeyColumnType hashedAs() {
        if (type == null) {
            throw new IllegalStateException("the key column " + column + " has no type");
        }
        return type;
    }
}
