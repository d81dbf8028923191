package io.pgmosaic.protocol.instance;

import java.time.Instant;

/**
 * What the operator can tell an instance manager to do. {@code term} is the shard's term at which the operator acts; a
 * manager that has promised a higher one refuses.
 */
public sealed interface InstanceCommand {
    /** The instance that this command is meant for; any other refuses it. */
    InstanceIdentity target();

    /** The shard's term, at least 1. */
    long term();

    /** The last segment of the command's path. */
    String path();

    /** Create a database cluster (initdb) on an empty volume and start it as the primary. */
    record Bootstrap(InstanceIdentity target, long term, PostgresConfiguration configuration)
            implements InstanceCommand {
        @Override
        public String path() {
            return "bootstrap";
        }
    }

    /**
     * Stream from {@code upstream}: by a base backup when the volume is empty, else with the data that is there, rewound
     * first when its log has parted from the upstream's. Refused when the volume holds another system.
     *
     * @param slot the physical replication slot on the upstream that is this instance's own
     * @param systemIdentifier of the shard, as {@code pg_controldata} prints it
     * @param replaceData whether data that cannot be brought to follow, also for want of a readable promise, may be thrown
     *     away and cloned anew; never said of a shard's only good copy
     */
    record Follow(
            InstanceIdentity target,
            long term,
            Upstream upstream,
            String slot,
            String systemIdentifier,
            boolean replaceData,
            PostgresConfiguration configuration)
            implements InstanceCommand {
        @Override
        public String path() {
            return "follow";
        }
    }

    /** Start the PostgreSQL that is on the volume as the primary it was in this very term; no promotion, and closed. */
    record Resume(InstanceIdentity target, long term, String systemIdentifier, PostgresConfiguration configuration)
            implements InstanceCommand {
        @Override
        public String path() {
            return "resume";
        }
    }

    /** Apply a configuration to the running server; parameters that need a restart are reported as pending. */
    record Configure(InstanceIdentity target, long term, PostgresConfiguration configuration)
            implements InstanceCommand {
        @Override
        public String path() {
            return "configure";
        }
    }

    /**
     * Promise the term, and let nothing go on that serves a lower one: a primary stops PostgreSQL, a standby stops its
     * receiver for good, so that it confirms nothing more to the primary it had. Done when the log of the instance has its
     * final end, which the status then tells ({@link InstanceStatus#logEnd}).
     *
     * @param orderly a primary ends by a fast shutdown, which hands the last of its log to its standbys; otherwise at once,
     *     without a checkpoint
     */
    record Revoke(InstanceIdentity target, long term, boolean orderly) implements InstanceCommand {
        @Override
        public String path() {
            return "revoke";
        }
    }

    /**
     * Become the primary of the promised term, on a timeline of the same number. Applications are kept out until
     * {@link Open}.
     */
    record Promote(InstanceIdentity target, long term, String systemIdentifier, PostgresConfiguration configuration)
            implements InstanceCommand {
        @Override
        public String path() {
            return "promote";
        }
    }

    /**
     * Let applications in on the primary of this term, as far as its configuration does. A primary that was bootstrapped,
     * resumed or promoted keeps them out until then: what it holds may not be on enough standbys yet.
     *
     * @param serverStartedAt when the server started of which the operator knows that it may be opened; another refuses
     */
    record Open(InstanceIdentity target, long term, Instant serverStartedAt) implements InstanceCommand {
        @Override
        public String path() {
            return "open";
        }
    }

    /** End the sessions of applications on the primary of this term, and keep applications out until {@link Open}. */
    record Close(InstanceIdentity target, long term) implements InstanceCommand {
        @Override
        public String path() {
            return "close";
        }
    }

    /** Stop PostgreSQL (fast shutdown: sessions end, a checkpoint is written) and stay stopped until told otherwise. */
    record Stop(InstanceIdentity target, long term) implements InstanceCommand {
        @Override
        public String path() {
            return "stop";
        }
    }
}
