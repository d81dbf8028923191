package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

import java.util.List;
import java.util.Map;

/** The Services of a shard: the headless one that names its pods, and one for each role. */
final class ShardServices {
    private ShardServices() {}

    static List<Service> of(ClusterIntent intent, String shard) {
        String workload = ClusterNames.workload(intent.name(), shard);
        return List.of(
                headless(intent, shard, workload),
                byRole(intent, shard, workload + "-primary", Labels.ROLE_PRIMARY),
                byRole(intent, shard, workload + "-replicas", Labels.ROLE_REPLICA));
    }

    /** Publishes pods that are not ready too: standbys find a primary that is not open to clients yet. */
    private static Service headless(ClusterIntent intent, String shard, String name) {
        return new ServiceBuilder(service(intent, shard, name, Labels.selector(intent.name(), shard)))
                .editSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .addToPorts(new ServicePortBuilder()
                        .withName("manager")
                        .withPort(Ports.MANAGER)
                        .build())
                .endSpec()
                .build();
    }

    private static Service byRole(ClusterIntent intent, String shard, String name, String role) {
        return service(
                intent, shard, name, Map.of(Labels.CLUSTER, intent.name(), Labels.SHARD, shard, Labels.ROLE, role));
    }

    private static Service service(ClusterIntent intent, String shard, String name, Map<String, String> selector) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(intent.namespace())
                .withLabels(Labels.ofShard(intent.name(), shard))
                .withOwnerReferences(intent.owner())
                .endMetadata()
                .withNewSpec()
                .withSelector(selector)
                .withPorts(new ServicePortBuilder()
                        .withName("postgres")
                        .withPort(Ports.POSTGRES)
                        .build())
                .endSpec()
                .build();
    }
}
