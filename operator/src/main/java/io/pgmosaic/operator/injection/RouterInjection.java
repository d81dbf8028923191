package io.pgmosaic.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.validation.Shown;

import java.util.function.Predicate;
import java.util.stream.Stream;

/** Decides what becomes of a pod. */
public final class RouterInjection {
    /** On a pod: of which cluster the router is that it was given. */
    public static final String INJECTED = "pgmosaic.io/injected";

    /** In the application's containers: where the router is asked. */
    public static final String URL_VARIABLE = "PGMOSAIC_ROUTER_URL";

    private static final String CONTAINERS = "/spec/containers";
    private static final String INIT_CONTAINERS = "/spec/initContainers";

    private RouterInjection() {}

    /**
     * @param pod as the API server sends it
     * @param namespace in which it is to be
     * @param exists whether this operator knows a cluster
     */
    public static Verdict decide(
            JsonNode pod, String namespace, Predicate<ClusterKey> exists, RouterTemplate template) {
        return switch (Wish.of(pod, namespace)) {
            case Wish.Nothing nothing -> new Verdict.NotAsked();
            case Wish.Unreadable unreadable ->
                new Verdict.Refused(Wish.KEY + " is " + Shown.of(unreadable.value())
                        + ", so the pod gets no router: write <cluster>, or <namespace>/<cluster> as an annotation");
            case Wish.Router(ClusterKey cluster) -> decide(pod, namespace, cluster, exists, template);
        };
    }

    private static Verdict decide(
            JsonNode pod, String namespace, ClusterKey cluster, Predicate<ClusterKey> exists, RouterTemplate template) {
        if (pod.at("/metadata/annotations").path(INJECTED).asText().equals(cluster.toString())
                && hasContainer(pod, RouterContainer.NAME)) {
            return new Verdict.Injected(cluster, additions(pod, template).operations());
        }
        if (hasContainer(pod, RouterContainer.NAME)) {
            return refused(
                    cluster, "it has a container " + RouterContainer.NAME + " of its own; rename or remove that");
        }
        for (String volume : new String[] {RouterVolumes.IDENTITY, RouterVolumes.STATE}) {
            if (PodPatch.hasNamed(pod.at("/spec/volumes"), volume)) {
                return refused(cluster, "it has a volume " + volume + " of its own; rename or remove that");
            }
        }
        if (pod.at("/spec/hostNetwork").asBoolean()) {
            return refused(
                    cluster,
                    "with hostNetwork every process of the node could ask it; use the pod network, or run a router in the"
                            + " pod yourself");
        }
        if (!exists.test(cluster)) {
            return refused(
                    cluster,
                    "there is no such ShardedCluster, or this operator does not watch its namespace; create it, then delete"
                            + " the pod to have it made anew");
        }
        return new Verdict.Injected(
                cluster, whole(pod, namespace, cluster, template).operations());
    }

    private static Verdict refused(ClusterKey cluster, String reason) {
        return new Verdict.Refused("the pod gets no router of " + cluster + ": " + reason);
    }

    private static PodPatch whole(JsonNode pod, String namespace, ClusterKey cluster, RouterTemplate template) {
        PodPatch patch = additions(pod, template);
        patch.annotate(INJECTED, cluster.toString());
        if (!RouterVolumes.isAtHome(cluster, namespace)) {
            patch.annotate(RouterVolumes.AUTHORITY_ANNOTATION, template.authorityPem());
        }
        RouterVolumes.of(cluster, namespace).forEach(patch::volume);
        JsonNode zone = pod.at("/metadata/annotations").path(RouterContainer.ZONE);
        Container router = RouterContainer.of(cluster, template, zone.isTextual() ? zone.asText() : null);
        if (template.nativeSidecar()) {
            patch.firstInitContainer(router);
        } else {
            patch.lastContainer(router);
        }
        return patch;
    }

    /** What other webhooks make necessary again when they add containers. */
    private static PodPatch additions(JsonNode pod, RouterTemplate template) {
        PodPatch patch = new PodPatch(pod);
        patch.variable(CONTAINERS, URL_VARIABLE, RouterContainer.URL, RouterContainer.NAME);
        if (template.nativeSidecar()) {
            patch.variable(INIT_CONTAINERS, URL_VARIABLE, RouterContainer.URL, RouterContainer.NAME);
        }
        return patch;
    }

    private static boolean hasContainer(JsonNode pod, String name) {
        return Stream.of(CONTAINERS, INIT_CONTAINERS).anyMatch(list -> PodPatch.hasNamed(pod.at(list), name));
    }
}
