package io.pgmosaic.instance.lease;

import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.Upstream;

import java.io.IOException;

/** The way to another manager of the shard. */
public interface PeerLink {
    /**
     * Delivers a heartbeat and waits for the answer, about a second at most.
     *
     * @throws java.net.ConnectException when nobody listens there
     * @throws IOException when no answer came that can be used
     */
    Heartbeat.Answer send(Upstream upstream, Heartbeat heartbeat) throws IOException;
}
