package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;

import java.util.List;
import java.util.stream.Collectors;

/** Which standbys a commit waits for, as PostgreSQL writes it. */
final class SynchronousReplication {
    private SynchronousReplication() {}

    /**
     * The value of {@code synchronous_standby_names}: always explicit names, empty for asynchronous replication or when
     * no acknowledgement is asked for.
     */
    static String names(ReplicationSpec replication, SynchronousSet synchronous) {
        List<String> standbys = synchronous.standbys();
        int acknowledgements = synchronous.acknowledgements();
        if (replication.mode() == ReplicationMode.ASYNC || acknowledgements == 0 || standbys.isEmpty()) {
            return "";
        }
        return replication.method()
                + " "
                + acknowledgements
                + standbys.stream().map(name -> '"' + name + '"').collect(Collectors.joining(",", " (", ")"));
    }
}
