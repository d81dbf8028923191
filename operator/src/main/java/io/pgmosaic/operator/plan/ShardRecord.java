package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
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
     * @param leases that the primary may run with: the last is the present one, those before it until it is known to be in
     *     force
     * @param acceptClients whether applications are let in; stays true once it is
     */
    public record Configuration(
            long sequence,
            String fingerprint,
            SynchronousSet synchronous,
            List<SynchronousSet> earlier,
            List<PostgresConfiguration.Lease> leases,
            boolean acceptClients) {
        public Configuration {
            earlier = List.copyOf(earlier);
            leases = List.copyOf(leases);
        }

        public static Configuration none() {
            return new Configuration(0, "", SynchronousSet.none(), List.of(), List.of(), false);
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
            return new Configuration(sequence, fingerprint, synchronous, List.of(), leases, acceptClients);
        }

        /** The present lease is in force. */
        Configuration withoutEarlierLeases() {
            return leases.size() <= 1
                    ? this
                    : new Configuration(
                            sequence, fingerprint, synchronous, earlier, List.of(leases.getLast()), acceptClients);
        }
    }

    public static ShardRecord unknown(String shard) {
        return new ShardRecord(shard, 0, null, null, null, Configuration.none(), null, null, null);
    }

    /**
     * Whether a command is one that this record leads to. Asked of a record that was read after an instance had nothing
     * promised: what the command says is then no older than the record.
     */
    public boolean backs(InstanceCommand command) {
        return term == command.term()
                && switch (command) {
                    case InstanceCommand.Bootstrap bootstrap ->
                        systemIdentifier == null
                                && bootstrap.target().instance().equals(bootstrapInstance);
                    // Without data on record nobody follows but a clone.
                    case InstanceCommand.Follow follow ->
                        systemIdentifier == null
                                ? follow.target().instance().equals(bootstrapInstance)
                                : election == null
                                        && follow.upstream().instance().equals(primary)
                                        && follow.systemIdentifier().equals(systemIdentifier);
                    case InstanceCommand.Resume resume ->
                        resume.target().instance().equals(primary);
                    case InstanceCommand.Promote promote ->
                        promote.target().instance().equals(primary);
                    case InstanceCommand.Configure configure -> election == null;
                    case InstanceCommand.Open open -> open.target().instance().equals(primary);
                    case InstanceCommand.Close close -> true;
                    case InstanceCommand.Revoke revoke -> true;
                    case InstanceCommand.Stop stop -> true;
                };
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

    /** Before there is a primary. */
    ShardRecord withTerm(long newTerm) {
        return new ShardRecord(
                shard,
                newTerm,
                primary,
                bootstrapInstance,
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
