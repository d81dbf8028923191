package io.pgmosaic.protocol.instance;

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
     * Stream from {@code upstream}: by a base backup when the volume is empty, else by starting what is there as a
     * standby. Refused when the volume holds another system.
     *
     * @param slot the physical replication slot on the upstream that is this instance's own
     * @param systemIdentifier of the shard, as {@code pg_controldata} prints it
     */
    record Follow(
            InstanceIdentity target,
            long term,
            Upstream upstream,
            String slot,
            String systemIdentifier,
            PostgresConfiguration configuration)
            implements InstanceCommand {
        @Override
        public String path() {
            return "follow";
        }
    }

    /** Start the PostgreSQL that is on the volume as the primary it was in this very term; no promotion. */
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

    /** Stop PostgreSQL (fast shutdown: sessions end, a checkpoint is written) and stay stopped until told otherwise. */
    record Stop(InstanceIdentity target, long term) implements InstanceCommand {
        @Override
        public String path() {
            return "stop";
        }
    }
}
