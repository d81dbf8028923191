package io.pgmosaic.local.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.local.demo.ClusterState;
import io.pgmosaic.local.demo.StatusTables;
import io.pgmosaic.local.platform.MissingRequirement;
import io.pgmosaic.local.platform.StateFolder;

import java.io.PrintStream;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Entry point of the local mode. */
public final class Main {
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    /** The client library warns of every version that is not stable yet, which ours is not. */
    private static final Logger CLIENT_LOGGER = Logger.getLogger("io.fabric8.kubernetes.client");

    private final PrintStream out;
    private final Daemon daemon = new Daemon();

    private Main(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs one command: {@code demo}, {@code up}, {@code down}, {@code status}, or {@code serve}, which is what {@code up}
     * starts in the background.
     */
    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s %5$s%6$s%n");
        ROOT_LOGGER.setLevel(Level.WARNING);
        CLIENT_LOGGER.setLevel(Level.SEVERE);
        PrintStream out = System.out;
        int code;
        try {
            code = new Main(out).run(arguments.length == 1 ? arguments[0] : "");
        } catch (MissingRequirement e) {
            out.println(e.getMessage());
            code = 1;
        }
        out.flush();
        System.exit(code);
    }

    private int run(String command) {
        return switch (command) {
            case "demo" -> new DemoCommand(out).run();
            case "serve" -> new ServeCommand(out).run();
            case "up" -> up();
            case "down" -> down();
            case "status" -> status();
            default -> {
                out.println("usage: demo | up | down | status");
                yield 2;
            }
        };
    }

    private int up() {
        Optional<ProcessHandle> running = daemon.find();
        if (running.isPresent()) {
            out.println("It is running already.");
            out.println();
            out.print(daemon.noticeText());
            return 0;
        }
        if (!daemon.follow(daemon.start(), out)) {
            out.println("It did not start; everything it said is in " + daemon.log());
            return 1;
        }
        out.println();
        out.print(daemon.noticeText());
        return 0;
    }

    private int down() {
        Optional<ProcessHandle> running = daemon.find();
        if (running.isEmpty()) {
            out.println("Nothing is running.");
            return 0;
        }
        boolean gracefully = daemon.stop(running.get());
        StateFolder.delete(StateFolder.open(ServeCommand.FOLDER));
        StateFolder.delete(StateFolder.open("control"));
        out.println(
                gracefully ? "Ended; nothing is left." : "Killed, since it did not end by itself; nothing is left.");
        return 0;
    }

    private int status() {
        if (daemon.find().isEmpty()) {
            out.println("Nothing is running; make up starts a cluster.");
            return 1;
        }
        Config config = Config.fromKubeconfig(daemon.kubeconfig().toFile());
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            for (HasMetadata cluster : client.resources(ShardedCluster.class)
                    .inAnyNamespace()
                    .list()
                    .getItems()) {
                ClusterState.read(
                                client,
                                cluster.getMetadata().getNamespace(),
                                cluster.getMetadata().getName())
                        .ifPresent(state -> {
                            StatusTables.cluster(client, state).forEach(out::println);
                            out.println();
                            StatusTables.instances(state).forEach(out::println);
                        });
            }
        }
        return 0;
    }
}
