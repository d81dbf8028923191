package io.pgmosaic.local.bench.gap;

import java.util.ArrayList;
import java.util.List;

/** What was acknowledged through one connection. Times are of {@link System#nanoTime}. */
final class Session {
    private final Server server;
    private final long opened;
    private final List<Write> writes = new ArrayList<>();

    /** @param opened when the client began to connect */
    Session(Server server, long opened) {
        this.server = server;
        this.opened = opened;
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

    boolean isOpenedAfter(long time) {
        return opened - time > 0;
    }

    List<Write> writes() {
        return writes;
    }
}
