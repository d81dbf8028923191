package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.ConfigMapKey;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** SQL that every shard runs once, as the owner of the database, when it is created: inline first, then the ConfigMaps in order. */
@ApiValue
public record InitSqlSpec(
        @JsonPropertyDescription("The statements themselves.") @Size(min = 1, max = 262144) @Nullable
        String sql,

        @JsonPropertyDescription("Entries of ConfigMaps that hold statements.") @Size(max = 32)
        List<ConfigMapKey> configMapRefs) {

    public InitSqlSpec {
        configMapRefs = configMapRefs == null ? List.of() : List.copyOf(configMapRefs);
    }

    public static InitSqlSpec none() {
        return new InitSqlSpec(null, List.of());
    }
}
