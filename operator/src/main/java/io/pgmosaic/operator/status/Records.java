package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.ConfigurationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.operator.plan.ShardRecord;

/** Between the status as it is stored and the record that plans work with. */
public final class Records {
    private Records() {}

    public static ShardRecord of(ShardState state) {
        ConfigurationState configuration = state.configuration();
        return new ShardRecord(
                state.name(),
                state.term(),
                state.primary(),
                state.bootstrapInstance(),
                state.systemIdentifier(),
                configuration == null
                        ? ShardRecord.Configuration.none()
                        : new ShardRecord.Configuration(
                                configuration.sequence(),
                                configuration.fingerprint(),
                                configuration.synchronousStandbys(),
                                configuration.acknowledgements(),
                                configuration.acceptClients()));
    }

    /** The state with its recorded part replaced. */
    public static ShardState with(ShardState state, ShardRecord record) {
        ShardRecord.Configuration configuration = record.configuration();
        return new ShardState(
                state.name(),
                record.term(),
                record.primary(),
                record.bootstrapInstance(),
                record.systemIdentifier(),
                state.phase(),
                state.message(),
                new ConfigurationState(
                        configuration.sequence(),
                        configuration.fingerprint(),
                        configuration.synchronousStandbys(),
                        configuration.acknowledgements(),
                        configuration.acceptClients()),
                state.schema(),
                state.instances());
    }
}
