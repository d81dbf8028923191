package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.FailoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.TlsSpec;

import java.time.Duration;
import java.util.Optional;

/** Durations, and those that must not contradict each other. */
final class TimingRules {
    private static final Duration SHORTEST_DETECTION = Duration.ofMillis(100);
    private static final Duration LONGEST_DETECTION = Duration.ofHours(1);
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Duration TOO_LONG_A_GRACE = Duration.ofMinutes(10);
    private static final Duration SHORTEST_CERTIFICATE = Duration.ofHours(1);
    private static final long MOST_DATA_LOSS = 1L << 40;

    private TimingRules() {}

    static void check(ShardedClusterSpec spec, Problems problems) {
        failover(spec.failover(), problems);
        tls(spec.tls(), problems);
    }

    private static void failover(FailoverSpec failover, Problems problems) {
        Optional<Duration> detection = problems.duration("spec.failover.detectionTime", failover.detectionTime());
        Optional<Duration> lease = problems.duration("spec.failover.leaseDuration", failover.leaseDuration());
        problems.duration("spec.failover.restartGrace", failover.restartGrace())
                .filter(time -> time.compareTo(TOO_LONG_A_GRACE) >= 0)
                .ifPresent(time -> problems.add(
                        "spec.failover.restartGrace",
                        Problem.Kind.OUT_OF_RANGE,
                        "is too long, a server that does not come back would hardly be replaced: write less than 10m, or"
                                + " 0s to wait for no restart"));
        if (failover.fencingJob() != null) {
            FencingJobRules.check(failover.fencingJob(), problems);
        }
        problems.range("spec.failover.maxDataLossBytes", failover.maxDataLossBytes(), 0, MOST_DATA_LOSS);
        detection
                .filter(time -> time.compareTo(SHORTEST_DETECTION) < 0)
                .ifPresent(time -> problems.add(
                        "spec.failover.detectionTime",
                        Problem.Kind.OUT_OF_RANGE,
                        "is too short, every hiccup would be a failover: write at least 100ms"));
        detection
                .filter(time -> time.compareTo(LONGEST_DETECTION) > 0)
                .ifPresent(time -> problems.add(
                        "spec.failover.detectionTime",
                        Problem.Kind.OUT_OF_RANGE,
                        "is too long, a lost primary would hardly be replaced: write at most 1h"));
        lease.filter(time -> time.compareTo(SHORTEST_LEASE) < 0)
                .ifPresent(time -> problems.add(
                        "spec.failover.leaseDuration",
                        Problem.Kind.OUT_OF_RANGE,
                        "is too short, a healthy primary would stop itself at every hiccup: write at least 1s"));
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
