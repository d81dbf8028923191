package io.pgmosaic.operator.migration.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the schemas of shards. */
public final class SchemaDrift {
    private SchemaDrift() {}

    /** All that is not the same everywhere, in the order of names; empty for fewer than two shards. */
    public static List<SchemaDifference> between(Map<String, ShardSchema> shards) {
        SortedSet<String> names = new TreeSet<>();
        shards.values().forEach(schema -> names.addAll(schema.definitions().keySet()));
        List<SchemaDifference> differences = new ArrayList<>();
        for (String name : names) {
            SortedMap<String, List<String>> by = new TreeMap<>();
            new TreeMap<>(shards).forEach((shard, schema) -> by.computeIfAbsent(
                            schema.definitions().getOrDefault(name, SchemaDifference.MISSING),
                            definition -> new ArrayList<>())
                    .add(shard));
            if (by.size() > 1) {
                differences.add(new SchemaDifference(name, by));
            }
        }
        return differences;
    }
}
