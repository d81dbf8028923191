package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.CertificateIssuer;
import io.pgmosaic.api.v1alpha1.cluster.DirectorySpec;
import io.pgmosaic.api.v1alpha1.cluster.LookupIndexSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardsSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What cannot be changed once a cluster runs. */
final class ChangeRules {
    private final ShardedClusterSpec spec;
    private final ShardedClusterSpec running;
    private final Problems problems;

    private ChangeRules(ShardedClusterSpec spec, ShardedClusterSpec running, Problems problems) {
        this.spec = spec;
        this.running = running;
        this.problems = problems;
    }

    /** @param shards those that there are; empty when that is not known */
    static void check(ShardedClusterSpec spec, ShardedClusterSpec running, List<String> shards, Problems problems) {
        ChangeRules rules = new ChangeRules(spec, running, problems);
        rules.same(
                "spec.postgres.version",
                s -> s.postgres().version(),
                "this version of PgMosaic does no major upgrades");
        rules.same("spec.database", ShardedClusterSpec::database, "the data is in it");
        rules.same("spec.owner", ShardedClusterSpec::owner, "the tables belong to it");
        rules.same("spec.storage.size", s -> s.storage().size(), "this version of PgMosaic does not resize volumes");
        rules.same("spec.storage.storageClassName", s -> s.storage().storageClassName(), "the volumes exist");
        rules.same(
                "spec.tls.issuer",
                s -> s.tls().issuer() == CertificateIssuer.EXTERNAL ? "External" : "Operator",
                "instances with certificates of two authorities do not trust each other");
        rules.same("spec.sharding.strategy", s -> s.sharding().strategy(), "every row would move");
        rules.same(
                "spec.sharding.consistentHash.virtualNodes", s -> s.sharding().virtualNodes(), "rows would move");
        rules.same("spec.sharding.orderedRange", s -> s.sharding().orderedRange(), "rows would have to move");
        rules.same("spec.sharding.defaultRegion", s -> s.sharding().defaultRegion(), "rows would have to move");
        rules.same("spec.sharding.placements", s -> s.sharding().placements(), "rows would have to move");
        rules.same("spec.sharding.overrides", s -> s.sharding().overrides(), "rows would have to move");
        rules.same(
                "spec.sharding.directory",
                s -> s.sharding().directory() == null ? null : "a directory",
                "the guards of running shards depend on it");
        rules.shards(spec.shards(), running.shards(), shards);
        rules.keys();
        rules.lookupIndexes();
        rules.groups();
    }

    private void same(String field, Function<ShardedClusterSpec, ?> value, String why) {
        Object now = value.apply(running);
        problems.require(
                Objects.equals(value.apply(spec), now),
                field,
                Problem.Kind.IMMUTABLE,
                "cannot be changed, " + why + ": write " + (now == null ? "nothing" : Shown.of(now.toString()))
                        + ", which the cluster was created with");
    }

    /** What splits have made may be named, and what they have emptied need not be named any more. */
    private void shards(ShardsSpec wanted, ShardsSpec present, List<String> shards) {
        List<String> names = wanted.shardNames();
        List<String> declared = present.shardNames();
        List<String> existing = shards.isEmpty() ? declared : shards;
        List<String> gone = declared.stream()
                .filter(name -> existing.contains(name) && !names.contains(name))
                .toList();
        List<String> added = names.stream()
                .filter(name -> !existing.contains(name) && !declared.contains(name))
                .toList();
        String field = wanted.names().isEmpty() ? "spec.shards.count" : "spec.shards.names";
        if (!gone.isEmpty()) {
            problems.add(
                    field,
                    Problem.Kind.IMMUTABLE,
                    "the shard " + Shown.of(gone.getFirst())
                            + " cannot be removed or renamed, it holds data: write all " + existing.size()
                            + " shards that run");
        }
        if (!added.isEmpty()) {
            problems.add(
                    field,
                    Problem.Kind.IMMUTABLE,
                    "the shard " + Shown.of(added.getFirst())
                            + " cannot be added, it would own no keys: write the " + existing.size()
                            + " shards that run, and split a shard with a ShardSplit instead");
        }
    }

    private void keys() {
        Set<String> changed = running.sharding().allTables().stream()
                .filter(table -> spec.sharding().allTables().stream()
                        .anyMatch(now -> now.qualifiedName().equals(table.qualifiedName())
                                && !now.key().equals(table.key())))
                .map(TableSpec::qualifiedName)
                .collect(Collectors.toSet());
        changed.forEach(table -> problems.add(
                "spec.sharding.tables.key",
                Problem.Kind.IMMUTABLE,
                "the key columns of " + Shown.of(table)
                        + " cannot be changed, every row would move: write those that it was created with"));
    }

    private void lookupIndexes() {
        for (TableSpec was : running.sharding().allTables()) {
            List<LookupIndexSpec> now = spec.sharding().allTables().stream()
                    .filter(table -> table.qualifiedName().equals(was.qualifiedName()))
                    .flatMap(table -> table.lookupIndexes().stream())
                    .toList();
            was.lookupIndexes().stream()
                    .filter(index -> !now.contains(index))
                    .forEach(
                            index -> problems.add(
                                    "spec.sharding.tables.lookupIndexes",
                                    Problem.Kind.IMMUTABLE,
                                    "the lookup index " + Shown.of(index.name()) + " of "
                                            + Shown.of(was.qualifiedName())
                                            + " cannot be removed or changed, rows are found by it: write it as it was created"));
        }
    }

    private void groups() {
        Map<String, String> before = groupOfEach(running.sharding());
        groupOfEach(spec.sharding()).forEach((table, group) -> {
            String present = before.getOrDefault(table, group);
            problems.require(
                    present.equals(group),
                    "spec.sharding.groups.tables",
                    Problem.Kind.IMMUTABLE,
                    "the table " + Shown.of(table)
                            + " cannot change its group, its rows would have to move: leave it in "
                            + (present.isEmpty() ? "spec.sharding.tables" : "the group " + Shown.of(present)));
        });
        for (TableGroupSpec was : running.sharding().groups()) {
            Optional<TableGroupSpec> now = spec.sharding().groups().stream()
                    .filter(group -> group.name().equals(was.name()))
                    .findFirst();
            problems.require(
                    now.isPresent() && withoutTables(now.get()).equals(withoutTables(was)),
                    "spec.sharding.groups",
                    Problem.Kind.IMMUTABLE,
                    "the group " + Shown.of(was.name())
                            + " cannot be removed or changed, its rows would have to move: write it as it was created, and"
                            + " add tables only");
        }
    }

    /** The name of each table's group, empty for none, by the table's. */
    private static Map<String, String> groupOfEach(ShardingSpec sharding) {
        Map<String, String> groups = new HashMap<>();
        sharding.tables().forEach(table -> groups.put(table.qualifiedName(), ""));
        sharding.groups()
                .forEach(group -> group.tables().forEach(table -> groups.put(table.qualifiedName(), group.name())));
        return groups;
    }

    private static TableGroupSpec withoutTables(TableGroupSpec group) {
        return new TableGroupSpec(
                group.name(),
                group.strategy(),
                group.consistentHash(),
                group.orderedRange(),
                group.defaultRegion(),
                group.placements(),
                List.of(),
                group.overrides(),
                group.directory() == null ? null : new DirectorySpec(DirectorySpec.DEFAULT_WAIT),
                null);
    }
}
