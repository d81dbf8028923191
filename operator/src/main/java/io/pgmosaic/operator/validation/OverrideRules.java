package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.KeyOverride;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.operator.map.Columns;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyType;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The keys that live elsewhere than the strategy says. */
final class OverrideRules {
    private static final String FIELD = "spec.sharding.overrides";
    private static final int MOST = 100;
    private static final int LONGEST_VALUE = 256;

    private OverrideRules() {}

    static void check(List<String> shards, ShardingSpec sharding, Problems problems) {
        problems.size(FIELD, sharding.overrides().size(), MOST);
        Set<List<String>> seen = new HashSet<>();
        for (KeyOverride override : sharding.overrides()) {
            String key = Shown.of(String.join(", ", override.key()));
            problems.require(
                    seen.add(override.key()),
                    FIELD,
                    Problem.Kind.DUPLICATE,
                    "the key " + key + " is listed twice: write each key once");
            problems.require(
                    shards.contains(override.shard()),
                    FIELD + ".shard",
                    Problem.Kind.CONTRADICTION,
                    "there is no shard " + Shown.of(override.shard()) + ": write one of spec.shards");
            problems.require(
                    override.key().stream().allMatch(value -> value.length() <= LONGEST_VALUE),
                    FIELD + ".key",
                    Problem.Kind.OUT_OF_RANGE,
                    "a value of the key " + key + " is too long: write at most " + LONGEST_VALUE + " characters");
            problems.require(
                    sharding.tables().stream().anyMatch(table -> fits(override.key(), table)),
                    FIELD + ".key",
                    Problem.Kind.MALFORMED,
                    "the key " + key
                            + " cannot be one of any table in spec.sharding.tables: write one value for each key"
                            + " column, in order, of the column's type");
        }
    }

    /** Whether the texts are a key of this table. */
    private static boolean fits(List<String> key, TableSpec table) {
        List<KeyColumn> columns = table.key().stream()
                .filter(column -> column.role() == ColumnRole.KEY)
                .toList();
        if (key.size() != columns.size() || key.isEmpty()) {
            return false;
        }
        for (int i = 0; i < key.size(); i++) {
            KeyColumn column = columns.get(i);
            KeyColumnType type = column.type();
            if (type == null || !parses(key.get(i), type)) {
                return false;
            }
        }
        return true;
    }

    private static boolean parses(String text, KeyColumnType type) {
        KeyType routed = Columns.type(type);
        try {
            return routed.parse(text).type() == routed;
        } catch (InvalidKeyException notOfThisType) {
            return false;
        }
    }
}
