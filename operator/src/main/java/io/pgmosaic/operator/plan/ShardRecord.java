package io.pgmosaic.operator.plan;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is recorded about a shard in the ShardedCluster's status. Changed by compare-and-set only, and always before it is
 * acted upon.
 *
 * @param term 0 before the first
 * @param primary of this term; null before the first
 * @param bootstrapInstance where the database is being or was created; null before that was decided
 * @param systemIdentifier of the shard's data; null until the bootstrap has succeeded. Once it is set, no database is ever
 *     created again for this shard
 */
public record ShardRecord(
        String shard,
        long term,
        @Nullable String primary,
        @Nullable String bootstrapInstance,
        @Nullable String systemIdentifier,
        Configuration configuration) {

    /**
     * The configuration that was last decided for the primary.
     *
     * @param sequence goes up with every change within a term
     * @param fingerprint of its content
     * @param synchronousStandbys the standbys that may acknowledge a commit
     * @param acknowledgements how many of them must
     * @param acceptClients whether applications are let in; stays true once it is
     */
    public record Configuration(
            long sequence,
            String fingerprint,
            List<String> synchronousStandbys,
            int acknowledgements,
            boolean acceptClients) {
        public Configuration {
            synchronousStandbys = List.copyOf(synchronousStandbys);
        }

        public static Configuration none() {
            return new Configuration(0, "", List.of(), 0, false);
        }
    }

    public static ShardRecord unknown(String shard) {
        return new ShardRecord(shard, 0, null, null, null, Configuration.none());
    }

    ShardRecord withBootstrap(String instance) {
        return new ShardRecord(shard, Math.max(term, 1), primary, instance, systemIdentifier, configuration);
    }

    ShardRecord withPrimary(long ofTerm, String instance, String identifier) {
        return new ShardRecord(shard, ofTerm, instance, bootstrapInstance, identifier, configuration);
    }

    ShardRecord withConfiguration(Configuration changed) {
        return new ShardRecord(shard, term, primary, bootstrapInstance, systemIdentifier, changed);
    }
}
