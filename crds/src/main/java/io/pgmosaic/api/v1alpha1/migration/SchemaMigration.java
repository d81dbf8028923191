package io.pgmosaic.api.v1alpha1.migration;

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

/** One change of the schema, carried out on every shard. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SchemaMigration")
@Plural("schemamigrations")
@Singular("schemamigration")
@ShortNames("mig")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.cluster.name")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Shards", jsonPath = ".status.shardsDone")
@AdditionalPrinterColumn(
        name = "Backfill %",
        jsonPath = ".status.backfillPercent",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Waiting for", jsonPath = ".status.waitingFor")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "ETA", jsonPath = ".status.eta", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", priority = 1)
public class SchemaMigration extends CustomResource<SchemaMigrationSpec, SchemaMigrationStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Never null: empty until an operator has written one. The spec stays null until it is set. */
    @Override
    protected SchemaMigrationStatus initStatus() {
        return SchemaMigrationStatus.empty();
    }
}
