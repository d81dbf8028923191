package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;

import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Holds up the replay of one standby after another, for up to 5 s each, so that replicas are behind while they answer. */
final class Laggard implements Runnable {
    private static final Logger LOG = Logger.getLogger(Laggard.class.getName());
    private static final long LONGEST_MILLIS = 5_000;
    private static final long LONGEST_REST_MILLIS = 1_000;

    private final Patient patient;
    private final SplittableRandom random;
    private final AtomicBoolean ended;

    Laggard(Patient patient, SplittableRandom random, AtomicBoolean ended) {
        this.patient = patient;
        this.random = random;
        this.ended = ended;
    }

    @Override
    public void run() {
        try {
            List<String> shards = patient.shards();
            while (!ended.get()) {
                Fault.Place place =
                        new Fault.Place(random.nextInt(shards.size()), 1 + random.nextInt(Patient.INSTANCES - 1));
                hold(place);
                Injector.pause(TimeUnit.MILLISECONDS.toNanos(random.nextLong(LONGEST_REST_MILLIS)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hold(Fault.Place place) throws InterruptedException {
        try {
            String standby = patient.instance(place);
            patient.holdReplay(standby, true);
            try {
                Injector.pause(TimeUnit.MILLISECONDS.toNanos(random.nextLong(500, LONGEST_MILLIS)));
            } finally {
                patient.holdReplay(standby, false);
            }
        } catch (SQLException | KubernetesClientException | IllegalStateException broken) {
            // It was stopped, or made a primary, which ends what holds it up.
            LOG.log(Level.FINE, "cannot hold up " + place, broken);
        }
    }
}
