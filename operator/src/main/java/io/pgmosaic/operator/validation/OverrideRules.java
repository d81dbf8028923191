package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.KeyOverride;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.Columns;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyType;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The keys that live elsewhere than the strategy says. */
final class OverrideRules {
    private static final int MOST = 100;
    private static final int LONGEST_VALUE = 256;

    private OverrideRules() {}

    static void check(String field, List<String> shards, PlacementRule rule, Problems problems) {
        problems.size(field, rule.overrides().size(), MOST);
        Set<List<String>> seen = new HashSet<>();
        for (KeyOverride override : rule.overrides()) {
            String key = Shown.of(String.join(", ", override.key()));
            problems.require(
                    seen.add(override.key()),
                    field,
                    Problem.Kind.DUPLICATE,
                    "the key " + key + " is listed twice: write each key once");
            problems.require(
                    shards.contains(override.shard()),
                    field + ".shard",
                    Problem.Kind.CONTRADICTION,
                    "there is no shard " + Shown.of(override.shard()) + ": write one of spec.shards");
            problems.require(
                    override.key().stream().allMatch(value -> value.length() <= LONGEST_VALUE),
                    field + ".key",
                    Problem.Kind.OUT_OF_RANGE,
                    "a value of the key " + key + " is too long: write at most " + LONGEST_VALUE + " characters");
            problems.require(
                    rule.tables().stream().anyMatch(table -> fits(override.key(), table)),
                    field + ".key",
                    Problem.Kind.MALFORMED,
                    "the key " + key
                            + " cannot be one of any table in " + tables(field, rule) + ": write one value for each key"
                            + " column, in order, of the column's type");
        }
    }

    private static String tables(String field, PlacementRule rule) {
        String tables = field.replace(".overrides", ".tables");
        return rule instanceof TableGroupSpec group ? tables + " of group " + Shown.of(group.name()) : tables;
    }

    /** Whether the texts are a key of this table. */
    static boolean fits(List<String> key, TableSpec table) {
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
