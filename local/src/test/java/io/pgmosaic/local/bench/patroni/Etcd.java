package io.pgmosaic.local.bench.patroni;

import java.nio.file.Path;
import java.util.List;

/** The one etcd of a cluster. It is never part of a fault. */
final class Etcd {
    private static final String HOST = "127.0.20.9";
    private static final String CLIENTS = HOST + ":12379";
    private static final String PEERS = HOST + ":12380";

    private Etcd() {}

    static void start(Machine machine) {
        Path folder = machine.newFolder("etcd");
        machine.start(
                List.of(
                        "etcd",
                        "--name=bench",
                        "--data-dir=" + folder.resolve("data"),
                        "--listen-client-urls=http://" + CLIENTS,
                        "--advertise-client-urls=http://" + CLIENTS,
                        "--listen-peer-urls=http://" + PEERS,
                        "--initial-advertise-peer-urls=http://" + PEERS,
                        "--initial-cluster=bench=http://" + PEERS),
                folder);
    }

    /** Where clients find it. */
    static String address() {
        return CLIENTS;
    }
}
