package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.LookupIndexSpec;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.util.List;

/** Lookup indexes of tables. */
final class LookupIndexRules {
    private static final int MOST_OF_A_TABLE = 4;
    private static final int LONGEST_NAME = 30;

    private LookupIndexRules() {}

    /** @param field of the rule */
    static void check(String field, PlacementRule rule, Problems problems) {
        for (TableSpec table : rule.tables()) {
            String indexes = field + ".tables.lookupIndexes";
            problems.size(indexes, table.lookupIndexes().size(), MOST_OF_A_TABLE);
            problems.distinct(
                    indexes,
                    table.lookupIndexes().stream().map(LookupIndexSpec::column).toList(),
                    "the column");
            for (LookupIndexSpec index : table.lookupIndexes()) {
                problems.dnsLabel(indexes + ".name", index.name(), LONGEST_NAME);
                problems.sqlIdentifier(indexes + ".column", index.column());
            }
            problems.require(
                    table.lookupIndexes().isEmpty() || isPlacedByKeyAlone(rule, table),
                    indexes,
                    Problem.Kind.CONTRADICTION,
                    "an index finds a row's key, and where rows of " + Shown.of(table.qualifiedName())
                            + " are depends on a region or a time as well: leave out the index, or put the table in a group"
                            + " without placements by region and time");
        }
    }

    /** What concerns all tables together. */
    static void unique(ShardingSpec sharding, Problems problems) {
        List<String> names = sharding.allTables().stream()
                .flatMap(table -> table.lookupIndexes().stream())
                .map(LookupIndexSpec::name)
                .toList();
        problems.distinct("spec.sharding.tables.lookupIndexes", names, "the lookup index");
    }

    private static boolean isPlacedByKeyAlone(PlacementRule rule, TableSpec table) {
        return rule.placements().stream()
                        .allMatch(placement ->
                                placement.region() == null && placement.from() == null && placement.until() == null)
                && table.key().stream()
                        .allMatch(column -> column.role() == ColumnRole.KEY || column.role() == ColumnRole.DETAIL);
    }
}
