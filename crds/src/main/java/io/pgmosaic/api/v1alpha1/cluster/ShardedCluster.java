package io.pgmosaic.api.v1alpha1.cluster;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import io.pgmosaic.api.v1alpha1.common.Api;

/** A sharded, replicated PostgreSQL. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("ShardedCluster")
@Plural("shardedclusters")
@Singular("shardedcluster")
@ShortNames("shc")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Shards", jsonPath = ".status.shardsReady")
@AdditionalPrinterColumn(name = "Instances", jsonPath = ".status.instancesReady")
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.replication.mode")
@AdditionalPrinterColumn(name = "Map", jsonPath = ".status.map.version", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "PostgreSQL",
        jsonPath = ".spec.postgres.version",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", priority = 1)
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name becomes part of the names of Services: begin with a letter, and write only lower-case letters, digits and hyphens")
@ValidationRule(
        value =
                "!has(self.spec.shards.names) || self.spec.shards.names.all(n, size(n) + size(self.metadata.name) <= 51)",
        message =
                "metadata.name and the name of a shard are too long together, they become the name of a StatefulSet: write at most 51 characters in both")
@ValidationRule(
        value =
                "!has(self.spec.shards.count) || size(self.metadata.name) + size(string(self.spec.shards.count - 1)) <= 50",
        message =
                "metadata.name is too long, with the name of a shard it becomes the name of a StatefulSet: write a name of at most 47 characters")
@ValidationRule(
        value =
                "!has(self.spec.switchover) || self.spec.switchover.all(s, size(s.to) > size(s.shard) + 3 && s.to.substring(0, size(s.to) - size(s.shard) - 3) == self.metadata.name)",
        message =
                "switchover.to: an instance is not one of this cluster: write <cluster>-<shard>-<number>, such as orders-s0-1")
@ValidationRule(
        value =
                "!has(self.spec.fencing) || !has(self.spec.fencing.instances) || self.spec.fencing.instances.all(i, size(i) > size(self.metadata.name) && i.substring(0, size(self.metadata.name)) == self.metadata.name)",
        message =
                "fencing.instances: an instance is not one of this cluster: write <cluster>-<shard>-<number>, such as orders-s0-1")
public class ShardedCluster extends CustomResource<ShardedClusterSpec, ShardedClusterStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Never null: empty until an operator has written one. The spec stays null until it is set. */
    @Override
    protected ShardedClusterStatus initStatus() {
        return ShardedClusterStatus.empty();
    }
}
