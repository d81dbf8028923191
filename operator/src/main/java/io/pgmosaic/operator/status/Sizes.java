package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.SizeState;
import io.pgmosaic.api.v1alpha1.cluster.TableSizeState;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.database.DatabaseSize;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much a shard holds, as its status says it. A number is written anew only when it is off by a twentieth and by a megabyte,
 * so that a database in use does not have the status written again with every measurement.
 */
final class Sizes {
    /** So that a status of many shards and tables stays far below what the API stores. */
    private static final int MOST_TABLES = 20;

    private static final long NOTICEABLE_BYTES = 1_048_576;
    private static final double NOTICEABLE_SHARE = 0.05;

    private Sizes() {}

    static @Nullable SizeState of(@Nullable SizeState stored, @Nullable DatabaseReport report) {
        DatabaseSize measured = report == null ? null : report.size();
        if (measured == null) {
            return stored;
        }
        SizeState fresh = new SizeState(measured.bytes(), largest(measured));
        return stored == null || differ(stored, fresh) ? fresh : stored;
    }

    private static List<TableSizeState> largest(DatabaseSize measured) {
        return measured.tables().entrySet().stream()
                .map(table -> new TableSizeState(table.getKey(), table.getValue()))
                .sorted(Comparator.comparing(TableSizeState::bytes).reversed().thenComparing(TableSizeState::table))
                .limit(MOST_TABLES)
                .toList();
    }

    private static boolean differ(SizeState stored, SizeState fresh) {
        Map<String, Long> before = new HashMap<>();
        stored.tables().forEach(table -> before.put(table.table(), table.bytes()));
        return differ(stored.bytes(), fresh.bytes())
                || fresh.tables().size() > stored.tables().size()
                || fresh.tables().stream()
                        .anyMatch(table -> differ(before.getOrDefault(table.table(), 0L), table.bytes()));
    }

    private static boolean differ(long before, long now) {
        long difference = Math.abs(now - before);
        return difference >= NOTICEABLE_BYTES && difference >= NOTICEABLE_SHARE * before;
    }
}
