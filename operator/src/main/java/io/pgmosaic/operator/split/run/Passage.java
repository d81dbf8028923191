package io.pgmosaic.operator.split.run;

import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.record.SplitMaps;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Between which shards the rows of a part go: to the target before the cut-over, back to the source after it.
 *
 * @param from the shard that has the keys
 * @param to the other one
 * @param tables those that there are; back to the source go no reference tables, which are whole there
 * @param isBack whether the target has the keys
 */
record Passage(ShardDatabase from, ShardDatabase to, List<MovingTable> tables, boolean isBack) {
    static Passage of(SplitShards shards, SplitScene scene, String target) throws SQLException, NoLoginException {
        boolean isBack = scene.record().switched();
        ShardDatabase source = shards.database(scene, scene.record().source());
        ShardDatabase other = shards.database(scene, target);
        ShardDatabase from = isBack ? other : source;
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        List<MovingTable> tables = ExistingTables.of(from, maps.moving(target)).stream()
                .filter(table -> !isBack || !table.isReference())
                .toList();
        return new Passage(from, isBack ? source : other, tables, isBack);
    }

    /** How many rows go. It reads them all. */
    long count() throws SQLException {
        return count(from, tables);
    }

    static long count(ShardDatabase from, List<MovingTable> tables) throws SQLException {
        long rows = 0;
        try (Connection mover = from.asMover();
                Statement statement = mover.createStatement()) {
            for (MovingTable table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT pg_catalog.count(*) FROM " + table.qualifiedName()
                        + " AS " + MovingTable.ALIAS + " WHERE " + table.condition())) {
                    row.next();
                    rows += row.getLong(1);
                }
            }
        }
        return rows;
    }
}
