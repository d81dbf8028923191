package io.pgmosaic.client.topology;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowColumn;
import io.pgmosaic.routing.map.RowSchema;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The rules that place rows, in one version; the body of a router's {@code GET /v1/map}. What a newer router says of a table
 * or of the map and this version does not know may decide on the owner, so then the router is asked for it. Immutable.
 */
public final class Rules {
    private static final System.Logger LOG = System.getLogger(Rules.class.getName());

    /**
     * Fails on what it does not know, which is Jackson's default; named since it is relied on. Does not on what is missing: an
     * older router says less.
     */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final String DEFAULT_SCHEMA = "public.";

    private final String clusterUid;
    private final long version;
    private final long maxReplicaLagMillis;
    private final Map<String, TablePlacement> tables;
    private final Map<String, TablePlacement> byEveryName;

    private Rules(String clusterUid, long version, long maxReplicaLagMillis, Map<String, TablePlacement> tables) {
        this.clusterUid = clusterUid;
        this.version = version;
        this.maxReplicaLagMillis = maxReplicaLagMillis;
        this.tables = new LinkedHashMap<>(tables);
        this.byEveryName = new HashMap<>(tables);
        tables.forEach((name, table) -> {
            if (name.startsWith(DEFAULT_SCHEMA)) {
                byEveryName.put(name.substring(DEFAULT_SCHEMA.length()), table);
            }
        });
    }

    private record Column(String column, KeyType type, RowColumn.@Nullable Role role) {
        RowColumn row() {
            return new RowColumn(
                    new io.pgmosaic.routing.key.KeyColumn(column, type), role == null ? RowColumn.Role.KEY : role);
        }
    }

    /** Lookup indexes do not decide where rows are. */
    @JsonIgnoreProperties("lookupIndexes")
    private record Table(
            String schema,
            String name,
            List<Column> key,
            @Nullable String group) {
        RowSchema rows() {
            return new RowSchema(key.stream().map(Column::row).toList());
        }
    }

    /** The rules that {@code document} says. */
    public static Rules of(JsonNode document) {
        Map<String, TablePlacement> tables = new LinkedHashMap<>();
        Map<String, Table> understood = new LinkedHashMap<>();
        for (JsonNode node : document.path("tables")) {
            String name = node.path("schema").asText() + "." + node.path("name").asText();
            @Nullable Table table = read(node, Table.class);
            if (table != null) {
                understood.put(name, table);
            }
            tables.put(name, new TablePlacement.Asked(name, table == null ? null : table.rows()));
        }
        @Nullable MapRecipe recipe = read(document.path("map"), MapRecipe.class);
        if (recipe != null) {
            try {
                tables.putAll(computed(recipe, understood));
            } catch (IllegalArgumentException ofAnotherVersion) {
                LOG.log(System.Logger.Level.WARNING, "the router is asked for every key", ofAnotherVersion);
            }
        }
        for (JsonNode name : document.path("referenceTables")) {
            tables.put(name.asText(), new TablePlacement.Everywhere(name.asText()));
        }
        return new Rules(
                document.path("clusterUid").asText(),
                document.path("map").path("version").asLong(),
                document.path("routing").path("maxReplicaLagMillis").asLong(),
                tables);
    }

    private static <T> @Nullable T read(JsonNode node, Class<T> type) {
        try {
            return STRICT.treeToValue(node, type);
        } catch (JsonProcessingException ofANewerVersion) {
            return null;
        }
    }

    private static Map<String, TablePlacement> computed(MapRecipe recipe, Map<String, Table> tables) {
        Map<String, TablePlacement> computed = new HashMap<>();
        Set<@Nullable String> groups = new LinkedHashSet<>();
        tables.values().forEach(table -> groups.add(table.group()));
        for (@Nullable String group : groups) {
            Map<String, RowSchema> rows = new LinkedHashMap<>();
            tables.forEach((name, table) -> {
                if (Objects.equals(table.group(), group)) {
                    rows.put(name, table.rows());
                }
            });
            List<KeySchema> schemas = new ArrayList<>();
            rows.values().forEach(row -> schemas.add(row.key()));
            ShardMap map = recipe.of(group).compile(schemas);
            if (map.hasDirectory()) {
                // Only the router knows of the entries.
                continue;
            }
            rows.forEach((name, row) -> computed.put(name, new TablePlacement.Computed(name, row, map)));
        }
        return computed;
    }

    /** Which cluster it is: one that was made anew counts its terms from the beginning. */
    String clusterUid() {
        return clusterUid;
    }

    /** Of the map. */
    public long version() {
        return version;
    }

    /** A replica further behind serves no read that asks for no guarantee. */
    public long maxReplicaLagMillis() {
        return maxReplicaLagMillis;
    }

    /** Null when the cluster has no such table. Names one of schema {@code public} with or without it. */
    @Nullable
    TablePlacement find(String table) {
        return byEveryName.get(table);
    }

    Collection<String> names() {
        return tables.keySet();
    }
}
