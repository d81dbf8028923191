package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Holds up the replay of one standby after another, for up to 5 s each, so that replicas are behind while they answer. */
final class Laggard implements Runnable {
    private static final Logger LOG = Logger.getLogger(Laggard.class.getName());
    private static final String NOT_IN_RECOVERY = "55000";
    private static final Duration RESUMED_WITHIN = Duration.ofMinutes(3);
    private static final Duration AGAIN = Duration.ofMillis(200);
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
        String standby;
        try {
            standby = patient.instance(place);
        } catch (KubernetesClientException | IllegalStateException broken) {
            LOG.log(Level.FINE, "cannot hold up " + place, broken);
            return;
        }
        try {
            patient.holdReplay(standby, true);
            Injector.pause(TimeUnit.MILLISECONDS.toNanos(random.nextLong(500, LONGEST_MILLIS)));
        } catch (SQLException | KubernetesClientException broken) {
            // The answer may have been lost, so that it is held up nevertheless.
            LOG.log(Level.FINE, "cannot hold up " + standby, broken);
        } finally {
            resume(standby);
        }
    }

    /** Again and again, also while the server is stopped: a replica that stays held up would spoil what comes later. */
    private void resume(String standby) throws InterruptedException {
        long deadline = System.nanoTime() + RESUMED_WITHIN.toNanos();
        while (true) {
            try {
                patient.holdReplay(standby, false);
                return;
            } catch (SQLException | KubernetesClientException broken) {
                if (NOT_IN_RECOVERY.equals(broken instanceof SQLException sql ? sql.getSQLState() : null)) {
                    // It has become a primary, which ended what held it up.
                    return;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(standby + " stays held up", broken);
                }
                Injector.pause(AGAIN.toNanos());
            }
        }
    }
}
