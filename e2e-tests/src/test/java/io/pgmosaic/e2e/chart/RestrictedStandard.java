package io.pgmosaic.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The rules of Kubernetes' restricted pod security standard, those of the baseline among them, for a Linux pod; and what
 * PgMosaic asks of its pods beyond it: a read-only root file system, RuntimeDefault and no other seccomp profile, no user of
 * number 0 anywhere.
 */
final class RestrictedStandard {
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");
    private static final List<String> CONTAINERS = List.of("containers", "initContainers", "ephemeralContainers");
    private static final List<String> HOOKS = List.of(
            "/livenessProbe/httpGet",
            "/readinessProbe/httpGet",
            "/startupProbe/httpGet",
            "/livenessProbe/tcpSocket",
            "/readinessProbe/tcpSocket",
            "/startupProbe/tcpSocket",
            "/lifecycle/postStart/httpGet",
            "/lifecycle/preStop/httpGet",
            "/lifecycle/postStart/tcpSocket",
            "/lifecycle/preStop/tcpSocket");

    private final List<String> violations = new ArrayList<>();

    private RestrictedStandard() {}

    /** What a pod's spec has against the standard; empty when it meets it. */
    static List<String> violations(JsonNode pod) {
        RestrictedStandard standard = new RestrictedStandard();
        standard.pod(pod);
        return List.copyOf(standard.violations);
    }

    private void pod(JsonNode pod) {
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            demand(!pod.path(shared).asBoolean(), shared + " is true");
        }
        pod.path("volumes")
                .forEach(volume -> demand(
                        volume.properties().stream()
                                .map(Map.Entry::getKey)
                                .filter(key -> !key.equals("name"))
                                .allMatch(VOLUMES::contains),
                        "volume " + volume.path("name").asText() + " is of a type that is not allowed"));
        JsonNode context = pod.path("securityContext");
        demand(context.path("runAsNonRoot").asBoolean(), "the pod's runAsNonRoot is not true");
        demand(isDefaultProfile(context), "the pod's seccomp profile is not RuntimeDefault");
        demand(context.path("sysctls").isEmpty(), "the pod sets sysctls");
        shared("the pod", context);
        demand(!pod.path("containers").isEmpty(), "the pod has no containers");
        CONTAINERS.stream().flatMap(kind -> stream(pod.path(kind))).forEach(this::container);
    }

    private void container(JsonNode container) {
        String name = container.path("name").asText();
        JsonNode context = container.path("securityContext");
        demand(!context.path("privileged").asBoolean(), name + " is privileged");
        demand(
                context.path("allowPrivilegeEscalation").isBoolean()
                        && !context.path("allowPrivilegeEscalation").asBoolean(),
                name + " may escalate privileges");
        demand(context.path("readOnlyRootFilesystem").asBoolean(), name + " may write its root file system");
        demand(
                Manifests.texts(context.at("/capabilities/drop")).contains("ALL"),
                name + " does not drop all capabilities");
        demand(context.at("/capabilities/add").isEmpty(), name + " adds capabilities");
        demand(context.path("runAsNonRoot").asBoolean(true), name + " may run as root");
        demand(
                context.path("seccompProfile").isMissingNode() || isDefaultProfile(context),
                name + " has its own seccomp");
        demand(
                context.path("procMount").isMissingNode()
                        || context.path("procMount").asText().equals("Default"),
                name + " mounts another /proc");
        shared(name, context);
        stream(container.path("ports"))
                .forEach(port -> demand(port.path("hostPort").asInt() == 0, name + " takes a port of the host"));
        HOOKS.forEach(hook -> demand(container.at(hook + "/host").isMissingNode(), name + " has a host in " + hook));
    }

    /** What may stand on a pod and on a container. */
    private void shared(String name, JsonNode context) {
        JsonNode user = context.path("runAsUser");
        demand(user.isMissingNode() || user.asLong() > 0, name + " runs as user 0");
        JsonNode linux = context.path("seLinuxOptions");
        demand(
                linux.path("user").isMissingNode() && linux.path("role").isMissingNode(),
                name + " sets a user or role of SELinux");
        demand(linux.path("type").isMissingNode(), name + " sets a type of SELinux");
        JsonNode armor = context.at("/appArmorProfile/type");
        demand(
                armor.isMissingNode() || armor.asText().equals("RuntimeDefault"),
                name + " has its own AppArmor profile");
        demand(!context.at("/windowsOptions/hostProcess").asBoolean(), name + " is a process of the host");
    }

    private static boolean isDefaultProfile(JsonNode context) {
        return context.at("/seccompProfile/type").asText().equals("RuntimeDefault");
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private void demand(boolean met, String violation) {
        if (!met) {
            violations.add(violation);
        }
    }
}
