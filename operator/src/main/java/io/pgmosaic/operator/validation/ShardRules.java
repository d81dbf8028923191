package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ShardsSpec;

import java.util.regex.Pattern;

/** How many shards, and their names. */
public final class ShardRules {
    private static final int MOST = 256;
    private static final int LONGEST_NAME = 30;

    /**
     * A StatefulSet is named {@code cluster-shard}; Kubernetes labels its pods with that name and a hyphen and ten
     * characters of a hash, and a label has at most 63.
     */
    public static final int LONGEST_STATEFUL_SET = 52;

    /** {@code orders-a-primary} is the Service of shard {@code a}. */
    private static final Pattern SERVICE = Pattern.compile("(.*-)?(primary|replicas)");

    private ShardRules() {}

    /** Whether a Service of a shard of this name has, or could have, the name of another shard's. */
    public static boolean clashesWithService(String shard) {
        return SERVICE.matcher(shard).matches();
    }

    static void check(String cluster, ShardsSpec shards, Problems problems) {
        Integer count = shards.count();
        if ((count == null) == shards.names().isEmpty()) {
            problems.add(
                    "spec.shards",
                    count == null ? Problem.Kind.MISSING : Problem.Kind.CONTRADICTION,
                    "give either shards.count (the shards are named s0, s1, ...) or shards.names, not both and not"
                            + " neither");
        }
        if (count != null) {
            problems.range("spec.shards.count", count, 1, MOST);
            if (count < 1 || count > MOST) {
                return;
            }
        }
        problems.size("spec.shards.names", shards.names().size(), MOST);
        problems.distinct("spec.shards.names", shards.names(), "the shard");
        for (String name : shards.names()) {
            problems.dnsLabel("spec.shards.names", name, LONGEST_NAME);
            problems.require(
                    !clashesWithService(name),
                    "spec.shards.names",
                    Problem.Kind.RESERVED,
                    Shown.of(name)
                            + " is or ends in primary or replicas and would clash with the Service of another shard: write"
                            + " another name");
        }
        shards.shardNames().stream()
                .filter(name -> cluster.length() + 1 + name.length() > LONGEST_STATEFUL_SET)
                .findFirst()
                .ifPresent(name -> problems.add(
                        "metadata.name",
                        Problem.Kind.OUT_OF_RANGE,
                        "with the shard " + Shown.of(name) + " it makes a StatefulSet's name of "
                                + (cluster.length() + 1 + name.length())
                                + " characters: write shorter names, with at most " + (LONGEST_STATEFUL_SET - 1)
                                + " characters in both"));
    }
}
