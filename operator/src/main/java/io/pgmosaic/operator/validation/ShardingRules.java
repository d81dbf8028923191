package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ConsistentHashSpec;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.api.v1alpha1.cluster.ShardsSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableName;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The strategy, the tables and their key columns. */
final class ShardingRules {
    private static final String FIELD = "spec.sharding";
    private static final String GROUPS = FIELD + ".groups";
    private static final int MOST_TABLES = 200;
    private static final int MOST_GROUPS = 8;
    private static final int LONGEST_GROUP = 30;
    private static final int MOST_KEY_COLUMNS = 6;

    private ShardingRules() {}

    static void check(ShardsSpec shards, ShardingSpec sharding, Problems problems) {
        List<String> names = shards.shardNames();
        rule(FIELD, names, sharding, problems);
        problems.size(GROUPS, sharding.groups().size(), MOST_GROUPS);
        problems.distinct(
                GROUPS, sharding.groups().stream().map(TableGroupSpec::name).toList(), "the group");
        for (TableGroupSpec group : sharding.groups()) {
            problems.dnsLabel(GROUPS + ".name", group.name(), LONGEST_GROUP);
            problems.require(
                    !group.name().equals(ShardingSpec.LOOKUP_GROUP),
                    GROUPS + ".name",
                    Problem.Kind.RESERVED,
                    ShardingSpec.LOOKUP_GROUP + " is the group of the entries of lookup indexes: write another name");
            problems.require(
                    !group.tables().isEmpty(),
                    GROUPS + ".tables",
                    Problem.Kind.MISSING,
                    "the group " + Shown.of(group.name()) + " has no table: write one, or leave out the group");
            rule(GROUPS, names, group, problems);
        }
        PlacementRules.everyShardHoldsSomething(names, sharding, problems);
        tables(sharding, problems);
        LookupIndexRules.unique(sharding, problems);
        if (problems.found().isEmpty()) {
            PlacementRules.wholeMap(names, sharding, problems);
        }
    }

    private static void rule(String field, List<String> shards, PlacementRule rule, Problems problems) {
        ConsistentHashSpec ring = rule.consistentHash();
        if (ring != null) {
            problems.require(
                    rule.strategy() == ShardingStrategy.CONSISTENT_HASH,
                    field + ".consistentHash",
                    Problem.Kind.CONTRADICTION,
                    "belongs to strategy ConsistentHash: remove it, or write that strategy when you create the cluster");
            problems.range(field + ".consistentHash.virtualNodes", ring.virtualNodes(), 1, 1000);
        }
        problems.size(field + ".tables", rule.tables().size(), MOST_TABLES);
        for (TableSpec table : rule.tables()) {
            schema(field + ".tables.schema", table.schema(), problems);
            problems.sqlIdentifier(field + ".tables.name", table.name());
            key(field + ".tables.key", table, problems);
        }
        OverrideRules.check(field + ".overrides", shards, rule, problems);
        PlacementRules.check(field, shards, rule, problems);
        DirectoryRules.check(field, rule, problems);
        retention(field, rule, problems);
        LookupIndexRules.check(field, rule, problems);
    }

    private static void tables(ShardingSpec sharding, Problems problems) {
        problems.size(FIELD + ".referenceTables", sharding.referenceTables().size(), MOST_TABLES);
        List<String> sharded =
                sharding.allTables().stream().map(TableSpec::qualifiedName).toList();
        List<String> whole = sharding.referenceTables().stream()
                .map(TableName::qualifiedName)
                .toList();
        problems.distinct(FIELD + ".tables", sharded, "the table");
        problems.distinct(FIELD + ".referenceTables", whole, "the table");
        Set<String> both = sharded.stream().filter(whole::contains).collect(Collectors.toSet());
        both.forEach(table -> problems.add(
                FIELD + ".referenceTables",
                Problem.Kind.CONTRADICTION,
                "the table " + Shown.of(table) + " is listed in tables as well: write it in one of them"));
        for (TableName table : sharding.referenceTables()) {
            schema(FIELD + ".referenceTables.schema", table.schema(), problems);
            problems.sqlIdentifier(FIELD + ".referenceTables.name", table.name());
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

    private static void retention(String field, PlacementRule rule, Problems problems) {
        String retention = rule.retention();
        if (retention == null) {
            return;
        }
        problems.duration(field + ".retention", retention);
        problems.require(
                rule.placements().stream().anyMatch(placement -> placement.until() != null),
                field + ".retention",
                Problem.Kind.CONTRADICTION,
                "no placement ends at a time, so no row is ever too old: write until of one, or remove it");
    }
}
