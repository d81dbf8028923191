package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ConsistentHashSpec;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.api.v1alpha1.cluster.ShardsSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableName;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The strategy, the tables and their key columns. */
final class ShardingRules {
    private static final int MOST_TABLES = 200;
    private static final int MOST_KEY_COLUMNS = 6;

    private ShardingRules() {}

    static void check(ShardsSpec shards, ShardingSpec sharding, Problems problems) {
        ConsistentHashSpec ring = sharding.consistentHash();
        if (ring != null) {
            problems.require(
                    sharding.strategy() == ShardingStrategy.CONSISTENT_HASH,
                    "spec.sharding.consistentHash",
                    Problem.Kind.CONTRADICTION,
                    "belongs to strategy ConsistentHash: remove it, or write that strategy when you create the cluster");
            problems.range("spec.sharding.consistentHash.virtualNodes", ring.virtualNodes(), 1, 1000);
        }
        tables(sharding, problems);
        OverrideRules.check(shards.shardNames(), sharding, problems);
        PlacementRules.check(shards.shardNames(), sharding, problems);
    }

    private static void tables(ShardingSpec sharding, Problems problems) {
        problems.size("spec.sharding.tables", sharding.tables().size(), MOST_TABLES);
        problems.size(
                "spec.sharding.referenceTables", sharding.referenceTables().size(), MOST_TABLES);
        List<String> sharded =
                sharding.tables().stream().map(TableSpec::qualifiedName).toList();
        List<String> whole = sharding.referenceTables().stream()
                .map(TableName::qualifiedName)
                .toList();
        problems.distinct("spec.sharding.tables", sharded, "the table");
        problems.distinct("spec.sharding.referenceTables", whole, "the table");
        Set<String> both = sharded.stream().filter(whole::contains).collect(Collectors.toSet());
        both.forEach(table -> problems.add(
                "spec.sharding.referenceTables",
                Problem.Kind.CONTRADICTION,
                "the table " + Shown.of(table) + " is listed in tables as well: write it in one of them"));
        for (TableSpec table : sharding.tables()) {
            String field = "spec.sharding.tables";
            schema(field + ".schema", table.schema(), problems);
            problems.sqlIdentifier(field + ".name", table.name());
            key(field + ".key", table, problems);
        }
        for (TableName table : sharding.referenceTables()) {
            schema("spec.sharding.referenceTables.schema", table.schema(), problems);
            problems.sqlIdentifier("spec.sharding.referenceTables.name", table.name());
        }
    }

    private static void schema(String field, String schema, Problems problems) {
        if (problems.sqlIdentifier(field, schema)
                && (schema.startsWith("pg_") || schema.equals("information_schema") || schema.equals("mosaic"))) {
            problems.add(
                    field,
                    Problem.Kind.RESERVED,
                    "pg_*, information_schema and mosaic belong to PostgreSQL and to PgMosaic: write the schema of your own"
                            + " table");
        }
    }

    private static void key(String field, TableSpec table, Problems problems) {
        if (table.key().isEmpty()) {
            problems.add(
                    field,
                    Problem.Kind.MISSING,
                    "the table " + Shown.of(table.name())
                            + " has no key column: write the columns that decide on which shard a row lives");
        }
        problems.size(field, table.key().size(), MOST_KEY_COLUMNS);
        problems.distinct(field, table.key().stream().map(KeyColumn::column).toList(), "the column");
        for (KeyColumn column : table.key()) {
            problems.sqlIdentifier(field + ".column", column.column());
            if (column.type() == null) {
                problems.add(
                        field + ".type",
                        Problem.Kind.MISSING,
                        "the column " + Shown.of(column.column())
                                + " has no type: write BigInt, Text, Uuid or Timestamp");
            }
        }
    }
}
