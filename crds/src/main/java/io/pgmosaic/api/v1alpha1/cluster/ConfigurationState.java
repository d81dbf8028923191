package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** The configuration that was last decided for a shard; recorded before any instance is told. */
@ApiValue
public record ConfigurationState(
        @JsonPropertyDescription("Number of this configuration; every change takes the next one.")
        Long sequence,

        @JsonPropertyDescription("Digest of its content.") String fingerprint,

        @JsonPropertyDescription("The standbys that may acknowledge a commit.")
        List<String> synchronousStandbys,

        @JsonPropertyDescription("How many of them must acknowledge a commit.")
        Integer acknowledgements,

        @JsonPropertyDescription(
                "Sets before, of which acknowledgements may still be the only ones of a commit; empty once the present set has confirmed everything up to its beginning.")
        List<SynchronousSetState> earlier,

        @JsonPropertyDescription(
                "The leases that the primary may run with: more than one while a change is not known to be in force.")
        List<LeaseState> leases,

        @JsonPropertyDescription("Whether applications are let in: true once the database was found complete.")
        Boolean acceptClients) {

    public ConfigurationState {
        sequence = sequence == null ? 0L : sequence;
        fingerprint = fingerprint == null ? "" : fingerprint;
        synchronousStandbys = synchronousStandbys == null ? List.of() : List.copyOf(synchronousStandbys);
        acknowledgements = acknowledgements == null ? 0 : acknowledgements;
        earlier = earlier == null ? List.of() : List.copyOf(earlier);
        leases = leases == null ? List.of() : List.copyOf(leases);
        acceptClients = acceptClients != null && acceptClients;
    }
}
