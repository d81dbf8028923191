package io.pgmosaic.operator.migration.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigrationStatus;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.migration.status.MigrationReport;
import io.pgmosaic.operator.migration.status.MigrationStatuses;
import org.jboss.logging.Logger;

import java.net.HttpURLConnection;
import java.time.Clock;

/** Writes what a person reads: the status of migrations, and an event for each phase. What cannot be written is told later. */
final class MigrationTeller {
    private static final Logger LOG = Logger.getLogger(MigrationTeller.class);

    private final KubernetesClient client;
    private final EventRecorder events;
    private final Clock clock;

    MigrationTeller(KubernetesClient client, EventRecorder events, Clock clock) {
        this.client = client;
        this.events = events;
        this.clock = clock;
    }

    /** @return whether that is written, by whomever */
    boolean tell(SchemaMigration seen, MigrationReport report) {
        try {
            SchemaMigration present = client.resource(seen).get();
            if (present == null
                    || !present.getMetadata().getUid().equals(seen.getMetadata().getUid())) {
                return true;
            }
            SchemaMigrationStatus before = present.getStatus();
            SchemaMigrationStatus after =
                    MigrationStatuses.after(before, seen.getMetadata().getGeneration(), report, clock.instant());
            if (after.equals(before)) {
                return true;
            }
            present.setStatus(after);
            client.resource(present).updateStatus();
            if (before.phase() != report.phase()) {
                events.record(
                        present,
                        report.needsPerson().isEmpty() ? EventRecorder.Kind.NORMAL : EventRecorder.Kind.WARNING,
                        MigrationStatuses.reason(report.phase()),
                        report.message());
            }
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.warnf("the status of a migration cannot be written now: %s", e.getMessage());
            }
            return false;
        }
    }
}
