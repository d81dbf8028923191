package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.DirectorySpec;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.time.Duration;

/** Directories of single keys. */
final class DirectoryRules {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofMinutes(1);

    private DirectoryRules() {}

    /** @param field of the rule */
    static void check(String field, PlacementRule rule, Problems problems) {
        DirectorySpec directory = rule.directory();
        if (directory == null) {
            return;
        }
        problems.require(
                rule.placements().stream().allMatch(placement -> placement.from() == null && placement.until() == null),
                field + ".directory",
                Problem.Kind.CONTRADICTION,
                "rows of one key would be on different shards by their times: remove it, or from and until of the"
                        + " placements");
        problems.require(
                rule.tables().stream().map(DirectoryRules::types).distinct().count() <= 1,
                field + ".directory",
                Problem.Kind.CONTRADICTION,
                "tables that share a directory have key columns of the same types: write the others in a group of their"
                        + " own");
        Duration wait = Durations.parse(directory.waitForTransactions());
        problems.require(
                wait != null && wait.compareTo(LEAST) >= 0 && wait.compareTo(MOST) <= 0,
                field + ".directory.waitForTransactions",
                Problem.Kind.OUT_OF_RANGE,
                "is not between 100ms and 1m: write a whole number and ms, s or m");
    }

    private static String types(TableSpec table) {
        return table.key().stream()
                .filter(column -> column.role() == ColumnRole.KEY)
                .map(KeyColumn::type)
                .toList()
                .toString();
    }
}
