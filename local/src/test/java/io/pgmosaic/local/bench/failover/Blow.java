package io.pgmosaic.local.bench.failover;

import io.pgmosaic.local.platform.ProcessFamily;

import java.util.Set;
import java.util.stream.Collectors;

/** What befalls the primary's pod. */
enum Blow {
    /** PostgreSQL's first process is killed; the others end by themselves. */
    POSTGRES_KILL("postgres-kill") {
        @Override
        void strike(ProcessFamily pod) {
            postmaster(pod).destroyForcibly();
        }
    },
    /** Every process of the pod is killed at once. */
    POD_KILL("pod-kill") {
        @Override
        void strike(ProcessFamily pod) {
            pod.kill();
        }
    },
    /** Every process of the pod is stopped, and goes on when somebody else is the primary. */
    POD_STOP("pod-stop") {
        @Override
        void strike(ProcessFamily pod) {
            pod.suspend(true);
        }

        @Override
        void undo(ProcessFamily pod) {
            pod.suspend(false);
        }
    };

    private final String figure;

    Blow(String figure) {
        this.figure = figure;
    }

    /** Its name in the figures. */
    String figure() {
        return figure;
    }

    abstract void strike(ProcessFamily pod);

    /** Ends what does not end by itself. */
    void undo(ProcessFamily pod) {}

    /** The process called postgres whose parent is not one. */
    private static ProcessHandle postmaster(ProcessFamily pod) {
        Set<ProcessHandle> servers = pod.members().stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                .collect(Collectors.toSet());
        return servers.stream()
                .filter(process -> process.parent().filter(servers::contains).isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no PostgreSQL runs in the primary's pod"));
    }
}
