package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.ShardMapDocument;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the map that is looked up from the one that is sent. Pure. */
public final class MapCompiler {
    private MapCompiler() {}

    /**
     * @throws IllegalArgumentException when the document contradicts itself: a bound that is no number, ranges that are
     *     not sorted, a ring without members
     */
    public static ShardMap compile(ShardMapDocument document, List<TableRule> tables) {
        return ShardMap.of(document.version(), partitioning(document), overrides(document, tables));
    }

    /** A table's key in the form that reads requests. */
    public static KeySchema schema(TableRule table) {
        return new KeySchema(table.key().stream()
                .map(column -> new KeyColumn(column.column(), type(column.type())))
                .toList());
    }

    private static Partitioning partitioning(ShardMapDocument document) {
        return switch (document.strategy()) {
            case CONSISTENT_HASH -> HashRing.of(document.shards(), document.virtualNodes());
            case HASH_RANGE ->
                new HashRanges(
                        rangeShards(document),
                        document.ranges().stream()
                                .map(range -> new HashRange(Long.parseLong(range.lower()), range.shard()))
                                .toList());
        };
    }

    /** The document of a range map lists no shards: an override may name one that owns no range. */
    private static List<String> rangeShards(ShardMapDocument document) {
        Set<String> shards = new LinkedHashSet<>();
        Stream.of(
                        document.shards().stream(),
                        document.ranges().stream().map(ShardMapDocument.Range::shard),
                        document.overrides().stream().map(ShardMapDocument.KeyOverride::shard))
                .flatMap(names -> names)
                .forEach(shards::add);
        return List.copyOf(shards);
    }

    private static List<KeyOverride> overrides(ShardMapDocument document, List<TableRule> tables) {
        List<KeySchema> schemas = tables.stream().map(MapCompiler::schema).toList();
        List<KeyOverride> overrides = new ArrayList<>();
        for (ShardMapDocument.KeyOverride override : document.overrides()) {
            if (schemas.stream().anyMatch(schema -> isKey(schema, override.key()))) {
                overrides.addAll(KeyOverride.parse(override.key(), override.shard(), schemas));
            }
        }
        return overrides;
    }

    /** An override that is a key of no table concerns no lookup; it must not keep the rest of the map from being used. */
    private static boolean isKey(KeySchema schema, List<String> texts) {
        try {
            return !schema.parse(texts).values().isEmpty();
        } catch (InvalidKeyException notOfThisTable) {
            return false;
        }
    }

    private static KeyType type(io.pgmosaic.protocol.topology.KeyType type) {
        return switch (type) {
            case BIGINT -> KeyType.BIGINT;
            case TEXT -> KeyType.TEXT;
            case UUID -> KeyType.UUID;
        };
    }
}
