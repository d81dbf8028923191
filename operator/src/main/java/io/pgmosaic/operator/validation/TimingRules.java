package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.FailoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.TlsSpec;

import java.time.Duration;
import java.util.Optional;

/** Durations, and those that must not contradict each other. */
final class TimingRules {
    private static final Duration SHORTEST_DETECTION = Duration.ofMillis(100);
    private static final Duration SHORTEST_CERTIFICATE = Duration.ofHours(1);
    private static final long MOST_DATA_LOSS = 1L << 40;

    private TimingRules() {}

    static void check(ShardedClusterSpec spec, Problems problems) {
        failover(spec.failover(), problems);
        tls(spec.tls(), problems);
        problems.duration("spec.routing.maxReplicaLag", spec.routing().maxReplicaLag());
        problems.duration("spec.routing.readYourWritesWindow", spec.routing().readYourWritesWindow());
    }

    private static void failover(FailoverSpec failover, Problems problems) {
        Optional<Duration> detection = problems.duration("spec.failover.detectionTime", failover.detectionTime());
        Optional<Duration> lease = problems.duration("spec.failover.leaseDuration", failover.leaseDuration());
        problems.duration("spec.failover.restartGrace", failover.restartGrace());
        problems.range("spec.failover.maxDataLossBytes", failover.maxDataLossBytes(), 0, MOST_DATA_LOSS);
        detection
                .filter(time -> time.compareTo(SHORTEST_DETECTION) < 0)
                .ifPresent(time -> problems.add(
                        "spec.failover.detectionTime",
                        Problem.Kind.OUT_OF_RANGE,
                        "is too short, every hiccup would be a failover: write at least 100ms"));
        if (detection.isPresent() && lease.isPresent() && lease.get().compareTo(detection.get()) <= 0) {
            problems.add(
                    "spec.failover.leaseDuration",
                    Problem.Kind.CONTRADICTION,
                    "must be longer than failover.detectionTime, or a healthy primary stops itself: write a longer lease,"
                            + " such as 6s with a detectionTime of 2s");
        }
    }

    private static void tls(TlsSpec tls, Problems problems) {
        Optional<Duration> lifetime = problems.duration("spec.tls.certificateLifetime", tls.certificateLifetime());
        Optional<Duration> renewal = problems.duration("spec.tls.renewBefore", tls.renewBefore());
        lifetime.filter(time -> time.compareTo(SHORTEST_CERTIFICATE) < 0)
                .ifPresent(time -> problems.add(
                        "spec.tls.certificateLifetime",
                        Problem.Kind.OUT_OF_RANGE,
                        "is too short to renew in time: write at least 1h"));
        if (lifetime.isPresent() && renewal.isPresent() && renewal.get().compareTo(lifetime.get()) >= 0) {
            problems.add(
                    "spec.tls.renewBefore",
                    Problem.Kind.CONTRADICTION,
                    "must be shorter than tls.certificateLifetime: write about a third of it");
        }
    }
}
