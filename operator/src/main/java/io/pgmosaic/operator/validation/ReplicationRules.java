package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;

/** Whether there are standbys enough for what a commit waits for. */
final class ReplicationRules {
    private static final String ACKNOWLEDGEMENTS = "spec.replication.acknowledgements";

    private ReplicationRules() {}

    static void check(int instances, ReplicationSpec replication, Problems problems) {
        problems.range("spec.instancesPerShard", instances, 1, 9);
        int standbys = Math.max(0, instances - 1);
        boolean async = replication.mode() == ReplicationMode.ASYNC;
        Integer wanted = replication.acknowledgements();
        if (wanted != null) {
            acknowledgements(replication.mode(), wanted, standbys, problems);
        }
        if (!async && replication.durability() == Durability.REQUIRED && instances == 1) {
            problems.add(
                    "spec.instancesPerShard",
                    Problem.Kind.CONTRADICTION,
                    "is 1, so there is no standby to acknowledge a commit: write replication.mode Async, or 2 or more"
                            + " instances");
        }
    }

    private static void acknowledgements(ReplicationMode mode, int wanted, int standbys, Problems problems) {
        if (wanted < 0) {
            problems.range(ACKNOWLEDGEMENTS, wanted, 0, 8);
        } else if (mode == ReplicationMode.ASYNC) {
            problems.require(
                    wanted == 0,
                    ACKNOWLEDGEMENTS,
                    Problem.Kind.CONTRADICTION,
                    "has no meaning with mode Async: remove it, or write mode SemiSync");
        } else if (wanted == 0) {
            problems.add(
                    ACKNOWLEDGEMENTS,
                    Problem.Kind.CONTRADICTION,
                    "must be at least 1 with this mode: write a higher number, or mode Async");
        } else if (mode == ReplicationMode.SYNC) {
            problems.require(
                    wanted == standbys,
                    ACKNOWLEDGEMENTS,
                    Problem.Kind.CONTRADICTION,
                    "is " + wanted + ", and mode Sync waits for all " + standbys
                            + " standbys: remove the number, or write mode Quorum");
        } else {
            problems.require(
                    wanted <= standbys,
                    ACKNOWLEDGEMENTS,
                    Problem.Kind.CONTRADICTION,
                    "is " + wanted + ", and a shard has " + standbys
                            + " standbys: write a lower number, or more instancesPerShard");
        }
    }
}
