package io.pgmosaic.api.v1alpha1.split;

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

/** A declared split of one shard into several. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("ShardSplit")
@Plural("shardsplits")
@Singular("shardsplit")
@ShortNames("split")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.cluster.name")
@AdditionalPrinterColumn(name = "Source", jsonPath = ".spec.source")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
        name = "Percent",
        jsonPath = ".status.progress.percent",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "ETA", jsonPath = ".status.progress.eta")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Rows/s",
        jsonPath = ".status.progress.rowsPerSecond",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Lag",
        jsonPath = ".status.progress.lagBytes",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Pause",
        jsonPath = ".status.writePauseMillis",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", priority = 1)
public class ShardSplit extends CustomResource<ShardSplitSpec, ShardSplitStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    /** Never null: empty until an operator has written one. The spec stays null until it is set. */
    @Override
    protected ShardSplitStatus initStatus() {
        return ShardSplitStatus.empty();
    }
}
