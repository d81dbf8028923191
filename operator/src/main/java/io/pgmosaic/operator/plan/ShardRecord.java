package io.pgmosaic.operator.plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is recorded about a shard in the ShardedCluster's status. Changed by compare-and-set only, and always before it is
 * acted upon.
 *
 * @param term 0 before the first
 * @param primary of this term; while an election is open that of the last term in which one was chosen; null before the
 *     first
 * @param bootstrapInstance where the database is being or was created; null before that was decided
 * @param systemIdentifier of the shard's data; null until the bootstrap has succeeded. Once it is set, no database is ever
 *     created again for this shard
 * @param configuration of {@code primary}
 * @param election null when the term has its primary
 * @param lastFailover null while the primary is the first
 * @param switchover null while the spec has asked for none
 */
public record ShardRecord(
        String shard,
        long term,
        @Nullable String primary,
        @Nullable String bootstrapInstance,
        @Nullable String systemIdentifier,
        Configuration configuration,
        @Nullable OpenElection election,
        @Nullable FailoverReport lastFailover,
        @Nullable SwitchoverOutcome switchover) {

    /**
     * The configuration that was last decided for the primary.
     *
     * @param sequence goes up with every change within a term
     * @param fingerprint of its content
     * @param synchronous the standbys that may acknowledge a commit, and how many of them must
     * @param earlier sets before, of which an acknowledgement may still be the only one of some commit: until the present
     *     set has confirmed the position at which it came into force
     * @param acceptClients whether applications are let in; stays true once it is
     */
    public record Configuration(
            long sequence,
            String fingerprint,
            SynchronousSet synchronous,
            List<SynchronousSet> earlier,
            boolean acceptClients) {
        public Configuration {
            earlier = List.copyOf(earlier);
        }

        public static Configuration none() {
            return new Configuration(0, "", SynchronousSet.none(), List.of(), false);
        }

        /** Every set that may have acknowledged a commit of which no other set has a trace. */
        List<SynchronousSet> inQuestion() {
            List<SynchronousSet> all = new ArrayList<>(earlier);
            all.add(synchronous);
            return all;
        }

        /** Everybody who may have acknowledged a commit. */
        Set<String> members() {
            Set<String> members = new LinkedHashSet<>();
            inQuestion().forEach(set -> members.addAll(set.standbys()));
            return members;
        }

        Configuration withoutEarlier() {
            return new Configuration(sequence, fingerprint, synchronous, List.of(), acceptClients);
        }
    }

    public static ShardRecord unknown(String shard) {
        return new ShardRecord(shard, 0, null, null, null, Configuration.none(), null, null, null);
    }

    ShardRecord withBootstrap(String instance) {
        return new ShardRecord(
                shard,
                Math.max(term, 1),
                primary,
                instance,
                systemIdentifier,
                configuration,
                election,
                lastFailover,
                switchover);
    }

    ShardRecord withPrimary(long ofTerm, String instance, String identifier) {
        return new ShardRecord(
                shard,
                ofTerm,
                instance,
                bootstrapInstance,
                identifier,
                configuration,
                election,
                lastFailover,
                switchover);
    }

    ShardRecord withConfiguration(Configuration changed) {
        return new ShardRecord(
                shard, term, primary, bootstrapInstance, systemIdentifier, changed, election, lastFailover, switchover);
    }

    ShardRecord withSwitchover(@Nullable SwitchoverOutcome outcome) {
        return new ShardRecord(
                shard,
                term,
                primary,
                bootstrapInstance,
                systemIdentifier,
                configuration,
                election,
                lastFailover,
                outcome);
    }

    /** A new term without a primary. */
    ShardRecord withElection(long newTerm, OpenElection opened) {
        return new ShardRecord(
                shard,
                newTerm,
                primary,
                bootstrapInstance,
                systemIdentifier,
                configuration,
                opened,
                lastFailover,
                switchover);
    }

    /** The term's primary and what it is to run with. */
    ShardRecord decided(String newPrimary, Configuration first, FailoverReport report) {
        return new ShardRecord(
                shard, term, newPrimary, bootstrapInstance, systemIdentifier, first, null, report, switchover);
    }
}
