package io.pgmosaic.api.v1alpha1.cluster;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
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
public class ShardedCluster extends CustomResource<ShardedClusterSpec, ShardedClusterStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Never null: empty until an operator has written one. The spec stays null until it is set. */
    @Override
    protected ShardedClusterStatus initStatus() {
        return ShardedClusterStatus.empty();
    }
}
