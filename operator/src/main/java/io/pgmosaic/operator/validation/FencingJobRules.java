package io.pgmosaic.operator.validation;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.pgmosaic.api.v1alpha1.cluster.FencingJobSpec;

import java.time.Duration;
import java.util.List;

/** A fencing Job that Kubernetes would take, and whose success can be a proof. */
final class FencingJobRules {
    private static final String FIELD = "spec.failover.fencingJob";
    private static final String POD = FIELD + ".template.spec";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_CONTAINERS = 16;

    private FencingJobRules() {}

    static void check(FencingJobSpec job, Problems problems) {
        problems.duration(FIELD + ".timeout", job.timeout())
                .filter(time -> time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0)
                .ifPresent(time ->
                        problems.add(FIELD + ".timeout", Problem.Kind.OUT_OF_RANGE, "write 1s to 1h, such as 60s"));
        PodSpec pod = job.template().getSpec();
        if (pod == null) {
            problems.add(
                    FIELD + ".template",
                    Problem.Kind.MISSING,
                    "is missing or has no spec: write a pod template with a container that stops the old primary");
            return;
        }
        problems.require(
                FencingJobSpec.RESTART_POLICY.equals(pod.getRestartPolicy()),
                POD + ".restartPolicy",
                Problem.Kind.CONTRADICTION,
                "is " + Shown.of(String.valueOf(pod.getRestartPolicy()))
                        + ", and a container that fails has proven nothing: write Never");
        containers(pod.getContainers(), problems);
    }

    private static void containers(List<Container> containers, Problems problems) {
        problems.require(
                !containers.isEmpty(),
                POD + ".containers",
                Problem.Kind.MISSING,
                "has no container: write one with a name and an image");
        problems.size(POD + ".containers", containers.size(), MOST_CONTAINERS);
        for (Container container : containers) {
            String name = container.getName() == null ? "" : container.getName();
            String image = container.getImage() == null ? "" : container.getImage();
            problems.dnsLabel(POD + ".containers.name", name, 63);
            problems.require(
                    !image.isBlank(),
                    POD + ".containers.image",
                    Problem.Kind.MISSING,
                    "the container " + Shown.of(name) + " has no image: write one");
        }
    }
}
