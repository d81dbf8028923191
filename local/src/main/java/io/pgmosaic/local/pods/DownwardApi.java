package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A pod's own fields, as its containers may ask for them. */
final class DownwardApi {
    private final Pod pod;
    private final String address;

    DownwardApi(Pod pod, String address) {
        this.pod = pod;
        this.address = address;
    }

    /** The value of a {@code fieldRef}. */
    String field(String path) throws MissingReference {
        var metadata = pod.getMetadata();
        return switch (path) {
            case "metadata.name" -> metadata.getName();
            case "metadata.namespace" -> metadata.getNamespace();
            case "metadata.uid" -> metadata.getUid();
            case "metadata.labels" -> lines(metadata.getLabels());
            case "metadata.annotations" -> lines(metadata.getAnnotations());
            case "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs" -> address;
            case "spec.nodeName" -> Kubelet.NODE;
            case "spec.serviceAccountName" ->
                Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
            default -> subscript(path);
        };
    }

    private String subscript(String path) throws MissingReference {
        int open = path.indexOf("['");
        if (open > 0 && path.endsWith("']")) {
            String key = path.substring(open + 2, path.length() - 2);
            Map<String, String> map =
                    switch (path.substring(0, open)) {
                        case "metadata.labels" -> pod.getMetadata().getLabels();
                        case "metadata.annotations" -> pod.getMetadata().getAnnotations();
                        default -> throw new MissingReference("field " + path + " is not supported");
                    };
            return Optional.ofNullable(map).map(values -> values.get(key)).orElse("");
        }
        throw new MissingReference("field " + path + " is not supported");
    }

    /** The value of a {@code resourceFieldRef}: CPUs rounded up, other amounts in their base unit. */
    String resource(ResourceFieldSelector selector, Container container) throws MissingReference {
        String[] parts = selector.getResource().split("\\.", 2);
        if (parts.length != 2) {
            throw new MissingReference("resource " + selector.getResource() + " is not supported");
        }
        var resources = Optional.ofNullable(container.getResources());
        Map<String, Quantity> amounts = resources
                .map(all -> parts[0].equals("limits") ? all.getLimits() : all.getRequests())
                .orElse(Map.of());
        Quantity amount = amounts.get(parts[1]);
        if (amount == null) {
            return parts[1].equals("cpu")
                    ? Integer.toString(Runtime.getRuntime().availableProcessors())
                    : Long.toString(Runtime.getRuntime().maxMemory());
        }
        BigDecimal divisor = Optional.ofNullable(selector.getDivisor())
                .map(Quantity::getNumericalAmount)
                .filter(value -> value.signum() > 0)
                .orElse(BigDecimal.ONE);
        return amount.getNumericalAmount()
                .divide(divisor, 0, RoundingMode.CEILING)
                .toPlainString();
    }

    private static String lines(Map<String, String> map) {
        return map == null
                ? ""
                : new TreeMap<>(map)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=\"" + entry.getValue() + "\"")
                                .collect(Collectors.joining("\n"));
    }
}
