package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.api.model.Quantity;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitCutState;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.ShardSplitSpec;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitTarget;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.begin.BeginRules;
import io.pgmosaic.operator.split.begin.StrategyChoice;
import io.pgmosaic.operator.split.points.SampledPlaces;
import io.pgmosaic.operator.split.points.SplitPoints;
import io.pgmosaic.operator.split.preflight.CloneCheck;
import io.pgmosaic.operator.split.preflight.Preflight;
import io.pgmosaic.operator.split.preflight.PreflightFinding;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.record.SplitRecords;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.routing.split.SplitRule.Cut;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Whether a declared split can begin, where it cuts, and its record. Until that is stored nothing is changed anywhere. */
final class SplitBeginning {
    /** A slot is made when all transactions that are under way have ended. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(10);

    /** Of a target's volume, for rows: the rest is for its log, and for what comes later. */
    private static final double SPARE = 0.8;

    /** What the API alone says is looked at again soon. */
    private static final Duration AFTER_RULES = Duration.ofSeconds(2);

    /** What the source had to be asked for is not asked for all the time; a changed spec is looked at at once. */
    private static final Duration AFTER_LOOK = Duration.ofSeconds(30);

    /** It reads every row that would move. */
    private static final Duration AFTER_DRY_RUN = Duration.ofHours(1);

    private final SplitShards shards;
    private final ClusterRecords records;
    private final SplitTeller teller;

    SplitBeginning(SplitShards shards, ClusterRecords records, SplitTeller teller) {
        this.shards = shards;
        this.records = records;
        this.teller = teller;
    }

    /** When to look again: at once when it has begun. Otherwise its status says why not. */
    Duration begin(SplitKey key, ShardSplit split, ShardedCluster cluster, ShardedClusterSpec spec)
            throws SQLException, NoLoginException, OvertakenException {
        ShardSplitSpec wanted = split.getSpec();
        List<String> problems = new ArrayList<>(BeginRules.problems(wanted, cluster, spec));
        if (!problems.isEmpty()) {
            refuse(key, problems);
            return AFTER_RULES;
        }
        SplitState empty = state(key, wanted, List.of());
        SplitScene scene = new SplitScene(key, split, cluster, spec, empty);
        for (String target : empty.targets()) {
            List<String> claims = shards.keptClaims(scene, target);
            if (!claims.isEmpty()) {
                problems.add("targets: there are volumes of an earlier shard " + target + ": delete the claims "
                        + String.join(", ", claims) + " if nobody needs what they hold, or write another name");
            }
        }
        if (!problems.isEmpty()) {
            refuse(key, problems);
            return AFTER_RULES;
        }
        if (!shards.isWhole(scene, wanted.source())) {
            teller.tell(
                    key,
                    SplitReport.of(
                            SplitPhase.PENDING,
                            "shard " + wanted.source()
                                    + " is not well: the split begins when all its instances are ready"));
            return AFTER_RULES;
        }
        ShardDatabase source = shards.database(scene, wanted.source());
        SplitState state;
        SplitMaps maps;
        try {
            state = state(key, wanted, cuts(scene, source));
            maps = SplitMaps.of(scene.map(), spec.sharding(), state);
        } catch (IllegalArgumentException e) {
            refuse(key, List.of(String.valueOf(e.getMessage())));
            return AFTER_LOOK;
        }
        CloneCheck clone = CloneCheck.of(source, spareBytes(spec));
        List<String> obstacles = clone.findings().stream()
                .filter(PreflightFinding::isProblem)
                .map(SplitBeginning::text)
                .toList();
        StrategyChoice strategy = StrategyChoice.of(wanted, clone.bytes(), obstacles);
        List<PreflightFinding> findings = new ArrayList<>(preflight(source, maps, state, spec));
        if (strategy.isPhysical()) {
            findings.addAll(clone.findings());
        }
        List<String> found = findings.stream()
                .filter(PreflightFinding::isProblem)
                .map(SplitBeginning::text)
                .toList();
        if (!found.isEmpty()) {
            refuse(key, found);
            return AFTER_LOOK;
        }
        List<String> told = Stream.concat(
                        Stream.of(strategy.text()), findings.stream().map(SplitBeginning::text))
                .toList();
        if (wanted.dryRun()) {
            teller.tell(
                    key,
                    new SplitReport(
                            SplitPhase.PENDING,
                            "this is a dry run, and nothing is changed: " + estimate(source, maps, state)
                                    + ". Set spec.dryRun to false to begin",
                            "",
                            null,
                            null,
                            targets(state),
                            told));
            return AFTER_DRY_RUN;
        }
        SplitState begun = state;
        records.change(
                key.cluster(),
                cluster.getMetadata().getUid(),
                status -> SplitRecords.begun(status, begun, strategy.isPhysical()));
        teller.tell(
                key,
                new SplitReport(
                        SplitPhase.PREPARING,
                        "the shards " + String.join(", ", state.targets())
                                + (strategy.isPhysical() ? " are cloned" : " are made"),
                        "",
                        null,
                        null,
                        targets(state),
                        told));
        return Duration.ZERO;
    }

    private static List<PreflightFinding> preflight(
            ShardDatabase source, SplitMaps maps, SplitState state, ShardedClusterSpec spec) throws SQLException {
        Preflight.Limits limits = new Preflight.Limits(
                state.targets().size(),
                spec.instancesPerShard() - 1,
                LONGEST_TRANSACTION,
                spareBytes(spec),
                SplitRecords.rule(state).keepsSource());
        return new Preflight(
                        source,
                        null,
                        ExistingTables.of(source, maps.moving(state.targets().getFirst())),
                        limits)
                .findings();
    }

    private static long spareBytes(ShardedClusterSpec spec) {
        return Math.round(SPARE
                * Quantity.parse(spec.storage().size()).getNumericalAmount().doubleValue());
    }

    private static String text(PreflightFinding finding) {
        return finding.about() + ": " + finding.message() + (finding.advice().isEmpty() ? "" : ": " + finding.advice());
    }

    /** How much would move to each target. */
    private static String estimate(ShardDatabase source, SplitMaps maps, SplitState state) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (String target : state.targets()) {
            long rows = Passage.count(source, ExistingTables.of(source, maps.moving(target)));
            parts.add(rows + " rows would move to shard " + target);
        }
        return String.join(", ", parts);
    }

    private static List<Cut> cuts(SplitScene scene, ShardDatabase source) throws SQLException {
        ShardMapState map = scene.map();
        ShardSplitSpec wanted = Objects.requireNonNull(scene.split()).getSpec();
        try (Connection mover = source.asMover()) {
            return new SplitPoints(
                            RecordedMap.recipe(map),
                            ExistingTables.of(
                                    mover,
                                    ClusterMap.compile(map, scene.spec().sharding())
                                            .tables()),
                            wanted.source(),
                            wanted.targets())
                    .choose(new SampledPlaces(mover));
        }
    }

    private static SplitState state(SplitKey key, ShardSplitSpec wanted, List<Cut> cuts) {
        return new SplitState(
                key.name(),
                key.uid(),
                wanted.source(),
                wanted.targets().stream().map(SplitTarget::name).toList(),
                cuts.stream()
                        .map(cut -> new SplitCutState(cut.group(), cut.placement(), cut.bounds()))
                        .toList(),
                wanted.movedKeys(),
                false,
                false);
    }

    private void refuse(SplitKey key, List<String> problems) {
        teller.tell(
                key,
                new SplitReport(
                        SplitPhase.PENDING,
                        problems.getFirst()
                                + (problems.size() == 1
                                        ? ""
                                        : " (and " + (problems.size() - 1) + " more in status.findings)"),
                        String.join("; ", problems),
                        null,
                        null,
                        List.of(),
                        problems));
    }

    /** With the points of the first placement; most have no other. */
    private static List<SplitTarget> targets(SplitState state) {
        List<SplitTarget> targets = new ArrayList<>();
        List<String> from =
                state.cuts().isEmpty() ? List.of() : state.cuts().getFirst().from();
        for (int i = 0; i < state.parts().size(); i++) {
            targets.add(new SplitTarget(state.parts().get(i), i == 0 || from.isEmpty() ? null : from.get(i - 1)));
        }
        return targets;
    }
}
