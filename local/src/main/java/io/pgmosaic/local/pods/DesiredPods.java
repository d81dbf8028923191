package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/** What a StatefulSet wants: pure functions of it. */
final class DesiredPods {
    private DesiredPods() {}

    static List<Integer> ordinals(StatefulSet set) {
        int start = set.getSpec().getOrdinals() == null
                ? 0
                : Optional.ofNullable(set.getSpec().getOrdinals().getStart()).orElse(0);
        int replicas = Optional.ofNullable(set.getSpec().getReplicas()).orElse(1);
        return java.util.stream.IntStream.range(start, start + replicas).boxed().toList();
    }

    static String podName(StatefulSet set, int ordinal) {
        return set.getMetadata().getName() + "-" + ordinal;
    }

    /** The name of the template's revision; equal templates have equal revisions. */
    static String revision(StatefulSet set) {
        CRC32 hash = new CRC32();
        hash.update(Serialization.asJson(set.getSpec().getTemplate()).getBytes(StandardCharsets.UTF_8));
        return set.getMetadata().getName() + "-" + String.format(Locale.ROOT, "%08x", hash.getValue());
    }

    static Pod pod(StatefulSet set, int ordinal) {
        PodTemplateSpec template = set.getSpec().getTemplate();
        String name = podName(set, ordinal);
        Map<String, String> labels = new HashMap<>();
        Map<String, String> annotations = new HashMap<>();
        if (template.getMetadata() != null) {
            labels.putAll(
                    Optional.ofNullable(template.getMetadata().getLabels()).orElse(Map.of()));
            annotations.putAll(
                    Optional.ofNullable(template.getMetadata().getAnnotations()).orElse(Map.of()));
        }
        labels.put("statefulset.kubernetes.io/pod-name", name);
        labels.put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
        labels.put("controller-revision-hash", revision(set));
        var spec = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withGenerateName(set.getMetadata().getName() + "-")
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(labels)
                .withAnnotations(annotations)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("apps/v1")
                        .withKind("StatefulSet")
                        .withName(set.getMetadata().getName())
                        .withUid(set.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .endMetadata()
                .withNewSpecLike(template.getSpec())
                .withHostname(name)
                .withSubdomain(set.getSpec().getServiceName())
                .withNodeName(template.getSpec().getNodeName());
        for (PersistentVolumeClaim claim : set.getSpec().getVolumeClaimTemplates()) {
            String volume = claim.getMetadata().getName();
            spec.removeMatchingFromVolumes(existing -> existing.getName().equals(volume));
            spec.addToVolumes(new VolumeBuilder()
                    .withName(volume)
                    .withNewPersistentVolumeClaim()
                    .withClaimName(claimName(set, volume, ordinal))
                    .endPersistentVolumeClaim()
                    .build());
        }
        return spec.endSpec().build();
    }

    static List<PersistentVolumeClaim> claims(StatefulSet set, int ordinal) {
        return set.getSpec().getVolumeClaimTemplates().stream()
                .map(template -> claim(set, template, ordinal))
                .toList();
    }

    private static PersistentVolumeClaim claim(StatefulSet set, PersistentVolumeClaim template, int ordinal) {
        var claim = new PersistentVolumeClaimBuilder(template)
                .editMetadata()
                .withName(claimName(set, template.getMetadata().getName(), ordinal))
                .withNamespace(set.getMetadata().getNamespace())
                .addToLabels(Optional.ofNullable(set.getSpec().getSelector().getMatchLabels())
                        .orElse(Map.of()))
                .endMetadata()
                .withStatus(null)
                .build();
        if (deletes(set, true)) {
            claim.addOwnerReference(set);
        }
        return claim;
    }

    /** Whether claims go with the set ({@code whenDeleted}), or with the pods that scaling down takes. */
    static boolean deletes(StatefulSet set, boolean whenDeleted) {
        var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        return policy != null && "Delete".equals(whenDeleted ? policy.getWhenDeleted() : policy.getWhenScaled());
    }

    private static String claimName(StatefulSet set, String volume, int ordinal) {
        return volume + "-" + podName(set, ordinal);
    }
}
