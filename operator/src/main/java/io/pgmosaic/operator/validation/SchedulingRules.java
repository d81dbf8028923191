package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.SchedulingSpec;

import java.util.TreeMap;
import java.util.regex.Pattern;

/** Where pods may run, as far as it is text that the API server would refuse in a pod only when it is created. */
final class SchedulingRules {
    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([-.a-z0-9]*[a-z0-9])?/)?[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?)?");
    private static final int LONGEST_KEY = 317;
    private static final int LONGEST_VALUE = 63;

    private SchedulingRules() {}

    static void check(SchedulingSpec scheduling, Problems problems) {
        String field = "spec.scheduling.nodeSelector";
        new TreeMap<>(scheduling.nodeSelector()).forEach((key, value) -> {
            problems.text(field, key, LABEL_KEY, LONGEST_KEY, "the key of a label: write prefix/name or name");
            problems.require(
                    value.length() <= LONGEST_VALUE
                            && LABEL_VALUE.matcher(value).matches(),
                    field,
                    Problem.Kind.MALFORMED,
                    Shown.of(value)
                            + " is not the value of a label: write at most 63 letters, digits, hyphens, dots and"
                            + " underscores");
        });
        problems.size("spec.scheduling.tolerations", scheduling.tolerations().size(), 32);
        problems.size(
                "spec.scheduling.topologySpreadConstraints",
                scheduling.topologySpreadConstraints().size(),
                16);
    }
}
