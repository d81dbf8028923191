package io.pgmosaic.e2e.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node of {@code scripts/node}: real programs of Kubernetes in namespaces of their own. */
final class ScriptNode implements KubernetesCluster, Node {
    private static final Duration START_LIMIT = Duration.ofMinutes(40);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String EXPORT = "export KUBECONFIG=";
    private static final String CHAIN = "PGMOSAIC-TEST";
    private static final List<String> PAUSABLE = List.of("kubelet", "kube-apiserver");

    private final Path kubeconfig;

    private ScriptNode(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    /** Starts it; the first time on a machine its programs are compiled, which takes a quarter of an hour. */
    static ScriptNode start() {
        String output = Programs.run(START_LIMIT, Map.of(), List.of("scripts/node", "start"));
        System.out.println(output);
        Path kubeconfig = output.lines()
                .filter(line -> line.startsWith(EXPORT))
                .map(line -> Path.of(line.substring(EXPORT.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("scripts/node start names no kubeconfig:\n" + output));
        ScriptNode node = new ScriptNode(kubeconfig);
        try {
            // Rules of the tests stand in a chain of their own, which is asked first.
            node.inside("iptables", "-w", "-N", CHAIN);
            for (String chain : List.of("FORWARD", "INPUT", "OUTPUT")) {
                node.inside("iptables", "-w", "-I", chain, "-j", CHAIN);
            }
            return node;
        } catch (AssertionError | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    @Override
    public String description() {
        return "a node of scripts/node, since E2E_USE_KUBECONFIG is not 1 and no Docker engine answers";
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public boolean outlivesTests() {
        return false;
    }

    @Override
    public Optional<Node> node() {
        return Optional.of(this);
    }

    @Override
    public void pause(String process) {
        service("pause", process);
    }

    @Override
    public void resume(String process) {
        service("resume", process);
    }

    @Override
    public void stop(String process) {
        service("stop", process);
    }

    @Override
    public void start(String process) {
        service("start", process);
    }

    @Override
    public void cut(String one, String other) {
        inside("iptables", "-w", "-A", CHAIN, "-s", one, "-d", other, "-j", "DROP");
        inside("iptables", "-w", "-A", CHAIN, "-s", other, "-d", one, "-j", "DROP");
    }

    @Override
    public void isolate(String address) {
        inside("iptables", "-w", "-A", CHAIN, "-s", address, "-j", "DROP");
        inside("iptables", "-w", "-A", CHAIN, "-d", address, "-j", "DROP");
    }

    @Override
    public void kill(String containerId) {
        inside(
                "ctr",
                "--address",
                "/run/containerd/containerd.sock",
                "--namespace",
                "k8s.io",
                "tasks",
                "kill",
                "--signal",
                "SIGKILL",
                containerId.substring(containerId.indexOf("//") + 2));
    }

    @Override
    public void mend() {
        PAUSABLE.forEach(this::resume);
        inside("iptables", "-w", "-F", CHAIN);
    }

    private void service(String action, String process) {
        Programs.run(LIMIT, Map.of(), List.of("scripts/node", "service", action, process));
    }

    private void inside(String... command) {
        List<String> all = Programs.command("scripts/node", "exec");
        all.addAll(List.of(command));
        Programs.run(LIMIT, Map.of(), all);
    }

    @Override
    public void close() {
        System.out.println(Programs.run(LIMIT, Map.of(), List.of("scripts/node", "stop")));
    }
}
