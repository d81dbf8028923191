package io.pgmosaic.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.local.kubernetes.TableView;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A cluster's status as tables. */
public final class StatusTables {
    private StatusTables() {}

    /** What {@code kubectl get shc} prints: the columns that the CustomResourceDefinition names. */
    public static List<String> cluster(KubernetesClient client, ClusterState state) {
        TableView view = new TableView(Clock.systemUTC());
        KubernetesSerialization serialization = client.getKubernetesSerialization();
        JsonNode definition = serialization.convertValue(
                client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("shardedclusters.pgmosaic.io")
                        .get(),
                JsonNode.class);
        JsonNode object = serialization.convertValue(state.object(), JsonNode.class);
        List<String> headings = new ArrayList<>(List.of("Name"));
        List<String> cells = new ArrayList<>(List.of(state.name()));
        for (JsonNode column : definition.at("/spec/versions/0/additionalPrinterColumns")) {
            headings.add(column.path("name").asText());
            cells.add(view.cell(object, column));
        }
        return new Columns(headings.toArray(String[]::new)).row(cells).lines();
    }

    /** One line for each instance. */
    public static List<String> instances(ClusterState state) {
        Columns columns = new Columns("Shard", "Instance", "Role", "Ready", "Lag", "Sync", "Term");
        for (ShardState shard : state.shards()) {
            for (InstanceState instance : shard.instances()) {
                columns.row(List.of(
                        shard.name(),
                        instance.name(),
                        orDash(instance.role()),
                        instance.ready() ? "yes" : "no",
                        orDash(instance.lag()),
                        orDash(instance.syncState()),
                        Long.toString(shard.term())));
            }
        }
        return columns.lines();
    }

    private static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
