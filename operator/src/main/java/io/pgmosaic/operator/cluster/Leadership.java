package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import org.jboss.logging.Logger;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether this operator is the one that acts. */
public final class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private final AtomicBoolean leads;

    /** @param elected whether leaders are elected; without elections every operator leads */
    public Leadership(boolean elected) {
        this.leads = new AtomicBoolean(!elected);
    }

    public boolean leads() {
        return leads.get();
    }

    /** To be told by the election. */
    public LeaderCallbacks callbacks() {
        return new LeaderCallbacks(
                () -> leads.set(true), () -> leads.set(false), leader -> LOG.infof("%s leads", leader));
    }
}
