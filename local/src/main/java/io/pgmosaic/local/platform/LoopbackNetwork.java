package io.pgmosaic.local.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A /16 of the loopback range, so that every pod has an address of its own and all use the same ports. Two local modes
 * on one machine take different ones: the network belongs to whoever listens on the API's port of its first address.
 */
public final class LoopbackNetwork {
    private static final int FIRST = 77;
    private static final int LAST = 126;
    private static final int API_PORT = 6443;
    private static final int FIRST_OPERATOR = 2;
    private static final int MOST_OPERATORS = 8;
    private static final int FIRST_POD = 257;
    private static final int LAST_POD = 65_534;

    private final int network;
    private int nextPod = FIRST_POD;

    private LoopbackNetwork(int network) {
        this.network = network;
    }

    /**
     * A network whose API address nobody listens on. It is taken when the API listens there.
     *
     * @throws MissingRequirement when every one is taken
     */
    public static LoopbackNetwork find() {
        for (int network = FIRST; network <= LAST; network++) {
            LoopbackNetwork candidate = new LoopbackNetwork(network);
            if (candidate.isFree()) {
                return candidate;
            }
        }
        throw new MissingRequirement("no loopback network from 127." + FIRST + ".0.0 to 127." + LAST
                + ".0.0 is free: end another local cluster first");
    }

    /** Where the Kubernetes API listens. */
    public String apiAddress() {
        return "127." + network + ".0.1";
    }

    /** Port of the Kubernetes API. */
    public int apiPort() {
        return API_PORT;
    }

    /**
     * Where a replica of the operator listens.
     *
     * @param number from 0, less than {@value #MOST_OPERATORS}
     */
    public String operatorAddress(int number) {
        if (number < 0 || number >= MOST_OPERATORS) {
            throw new IllegalArgumentException("there is no address for operator " + number);
        }
        return "127." + network + ".0." + (FIRST_OPERATOR + number);
    }

    /** An address that no pod has had for as long as the network has others. */
    public synchronized String nextPodAddress() {
        int host = nextPod;
        do {
            nextPod = nextPod == LAST_POD ? FIRST_POD : nextPod + 1;
        } while (nextPod % 256 == 0 || nextPod % 256 == 255);
        return "127." + network + "." + host / 256 + "." + host % 256;
    }

    private boolean isFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(apiAddress(), API_PORT));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
