package io.pgmosaic.local.bench.gap;

import java.util.ArrayList;
import java.util.List;

/** What was acknowledged through one connection. Times are of {@link System#nanoTime}. */
final class Session {
    private final Server server;
    private final long opened;
    private final int attempt;
    private final List<Write> writes = new ArrayList<>();

    /**
     * @param opened when the client began to connect
     * @param attempt the client's how many-th
     */
    Session(Server server, long opened, int attempt) {
        this.server = server;
        this.opened = opened;
        this.attempt = attempt;
    }

    /**
     * An acknowledged write.
     *
     * @param begun when it was sent
     * @param acknowledged when the server's answer was there
     */
    record Write(long begun, long acknowledged) {}

    Server server() {
        return server;
    }

    int attempt() {
        return attempt;
    }

    boolean isOpenedAfter(long time) {
        return opened - time > 0;
    }

    List<Write> writes() {
        return writes;
    }
}
