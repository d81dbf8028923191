package io.pgmosaic.operator.split.preflight;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in the way of a split. The target need not be there yet: what is asked of it is asked once it is.
 *
 * <p>The superuser looks into the catalog alone; the tables themselves are asked by the role that moves their rows, so that it is known
 * that this can be done.
 */
public final class Preflight {
    private final ShardDatabase source;
    private final @Nullable ShardDatabase target;
    private final List<MovingTable> tables;
    private final Limits limits;

    /**
     * What a split asks for.
     *
     * @param targets how many shards are made, each of which takes a slot, a sender and a worker
     * @param standbys that the source is declared to have
     * @param longestTransaction how old one may be; the slot waits for those that are under way
     * @param spareBytes of disk that the target has for rows; 0 when that is not known
     * @param sourceStays whether the source keeps a part; otherwise it is removed with all that is in it
     */
    public record Limits(
            int targets, int standbys, Duration longestTransaction, long spareBytes, boolean sourceStays) {}

    /** @param target null while there is none */
    public Preflight(ShardDatabase source, @Nullable ShardDatabase target, List<MovingTable> tables, Limits limits) {
        this.source = source;
        this.target = target;
        this.tables = List.copyOf(tables);
        this.limits = limits;
    }

    /** Everything there is to say, problems first. */
    public List<PreflightFinding> findings() throws SQLException {
        List<PreflightFinding> found = new ArrayList<>();
        try (Connection catalog = source.asSuperuser();
                Connection rows = source.asMover()) {
            ServerCheck server = new ServerCheck(catalog, source.shard(), limits);
            found.addAll(server.findings());
            found.addAll(server.ofSource());
            found.addAll(new TablesCheck(catalog, rows, tables, limits).findings());
        }
        if (target != null) {
            try (Connection catalog = target.asSuperuser()) {
                found.addAll(new ServerCheck(catalog, target.shard(), limits).findings());
            }
        }
        return found.stream()
                .sorted((a, b) -> Boolean.compare(b.isProblem(), a.isProblem()))
                .toList();
    }
}
