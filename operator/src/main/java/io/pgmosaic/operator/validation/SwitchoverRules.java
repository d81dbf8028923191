package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.List;
import java.util.regex.Pattern;

/** Who is asked to become primary exists, in the shard that is named. Whether it is safe is known only at run time. */
final class SwitchoverRules {
    private static final String FIELD = "spec.switchover";
    private static final Pattern ONE_LINE = Pattern.compile(Patterns.PARAMETER_VALUE);
    private static final int MOST = 256;
    private static final int LONGEST_REQUEST = 63;

    private SwitchoverRules() {}

    static void check(List<SwitchoverSpec> switchover, DeclaredInstances declared, Problems problems) {
        problems.size(FIELD, switchover.size(), MOST);
        problems.distinct(
                FIELD + ".shard", switchover.stream().map(SwitchoverSpec::shard).toList(), "the shard");
        for (SwitchoverSpec wanted : switchover) {
            if (declared.shards().contains(wanted.shard())) {
                target(wanted, declared, problems);
            } else {
                problems.add(
                        FIELD + ".shard",
                        wanted.shard().isEmpty() ? Problem.Kind.MISSING : Problem.Kind.CONTRADICTION,
                        (wanted.shard().isEmpty() ? "is missing" : "there is no shard " + Shown.of(wanted.shard()))
                                + ": write one of " + DeclaredInstances.listed(declared.shards()));
            }
            if (wanted.request() != null) {
                request(wanted.request(), problems);
            }
        }
    }

    private static void target(SwitchoverSpec wanted, DeclaredInstances declared, Problems problems) {
        List<String> instances = declared.ofShard(wanted.shard());
        if (instances.contains(wanted.to())) {
            return;
        }
        String write = ": write one of " + DeclaredInstances.listed(instances);
        if (wanted.to().isEmpty()) {
            problems.add(FIELD + ".to", Problem.Kind.MISSING, "is missing" + write);
            return;
        }
        String what = declared.shardOf(wanted.to())
                .map(shard ->
                        " is an instance of the shard " + Shown.of(shard) + ", not of " + Shown.of(wanted.shard()))
                .orElse(" is not an instance of the shard " + Shown.of(wanted.shard()));
        problems.add(FIELD + ".to", Problem.Kind.CONTRADICTION, Shown.of(wanted.to()) + what + write);
    }

    private static void request(String request, Problems problems) {
        problems.require(
                !request.isEmpty(),
                FIELD + ".request",
                Problem.Kind.MALFORMED,
                "is empty: write any text, such as a date, or remove it");
        problems.require(
                request.length() <= LONGEST_REQUEST,
                FIELD + ".request",
                Problem.Kind.OUT_OF_RANGE,
                "has " + request.length() + " characters: write at most " + LONGEST_REQUEST);
        problems.require(
                ONE_LINE.matcher(request).matches(),
                FIELD + ".request",
                Problem.Kind.MALFORMED,
                Shown.of(request) + " holds a control character: write one line of text");
    }
}
