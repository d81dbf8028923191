package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.split.CutOverSpec;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.handover.HandOver;
import io.pgmosaic.operator.split.handover.Outcome;
import io.pgmosaic.operator.split.handover.Party;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.record.SplitRecords;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.stream.Sequences;
import io.pgmosaic.routing.guard.GuardChange;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Hands the keys over: to the targets, or back to the source. */
final class HandOverStep {
    /** All writers of a table wait behind whoever waits for its lock, so that is short, and tried again. */
    private static final Duration LONGEST_LOCK = Duration.ofMillis(100);

    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    private final SplitShards shards;
    private final ClusterRecords records;
    private final SplitTeller teller;

    /** When the next attempt may begin, by {@link System#nanoTime}; an operator that has just begun to lead need not wait. */
    private final Map<SplitKey, Long> notBefore = new ConcurrentHashMap<>();

    HandOverStep(SplitShards shards, ClusterRecords records, SplitTeller teller) {
        this.shards = shards;
        this.records = records;
        this.teller = teller;
    }

    /** Whether the keys have changed hands, or there is something else to do at once. */
    boolean take(SplitScene scene, SplitPhase phase) throws SQLException, NoLoginException {
        Long rest = notBefore.get(scene.key());
        if (rest != null && System.nanoTime() - rest < 0) {
            return false;
        }
        if (scene.split() == null || scene.split().getStatus().phase() != phase) {
            teller.tell(scene.key(), SplitReport.of(phase, "the keys are about to change hands"));
        }
        try (Sessions sessions = new Sessions(scene)) {
            HandOver handOver = new HandOver(
                    sessions.parties(),
                    scene.map().version(),
                    limits(scene),
                    record(scene, sessions),
                    Sequences::carryOver);
            return judged(scene, phase, handOver.attempt());
        }
    }

    private boolean judged(SplitScene scene, SplitPhase phase, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> {
                notBefore.remove(scene.key());
                String to = scene.record().switched()
                        ? "shard " + scene.record().source()
                        : "shards " + String.join(", ", scene.targets());
                teller.attempted(
                        scene.key(),
                        done.pauseMillis(),
                        !scene.record().switched(),
                        to + " took the keys over; writes of them paused for " + done.pauseMillis() + " ms at most");
                yield true;
            }
            case Outcome.NotNow notNow -> {
                rest(scene, Duration.ofSeconds(1));
                teller.tell(scene.key(), SplitReport.of(phase, "the cut-over waits: " + notNow.why()));
                yield false;
            }
            case Outcome.GivenUp givenUp -> {
                int before = attempts(scene);
                Duration rest = Duration.ofSeconds(1L << Math.min(before + 1, 6));
                rest(scene, rest);
                teller.attempted(
                        scene.key(),
                        givenUp.pauseMillis(),
                        false,
                        "the cut-over was given up after " + givenUp.pauseMillis()
                                + " ms, and the keys stay where they are: " + givenUp.why());
                teller.tell(
                        scene.key(),
                        SplitReport.of(
                                phase,
                                "attempt " + (before + 1) + " was given up: " + givenUp.why() + "; the next is in "
                                        + rest.toSeconds() + " s"));
                yield false;
            }
        };
    }

    private void rest(SplitScene scene, Duration time) {
        Duration rest = time.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : time;
        notBefore.put(scene.key(), System.nanoTime() + rest.toNanos());
    }

    private static int attempts(SplitScene scene) {
        @Nullable ShardSplit split = scene.split();
        Integer attempts = split == null ? null : split.getStatus().cutOverAttempts();
        return attempts == null ? 0 : attempts;
    }

    private static HandOver.Limits limits(SplitScene scene) {
        @Nullable ShardSplit split = scene.split();
        CutOverSpec spec =
                split == null ? CutOverSpec.defaults() : split.getSpec().cutOver();
        Duration pause = DurationText.parse(spec.maxWritePause());
        Duration lock = pause.dividedBy(3);
        return new HandOver.Limits(pause, lock.compareTo(LONGEST_LOCK) > 0 ? LONGEST_LOCK : lock);
    }

    private HandOver.MapRecord record(SplitScene scene, Sessions sessions) {
        String cluster = scene.cluster().getMetadata().getUid();
        String uid = scene.key().uid();
        return new HandOver.MapRecord() {
            @Override
            public ShardedCluster handOver(long version) throws OvertakenException {
                return records.change(
                        scene.key().cluster(),
                        cluster,
                        status -> SplitRecords.handedOver(status, uid, version, sessions.terms()));
            }

            @Override
            public ShardedCluster thaw(long version) throws OvertakenException {
                return records.change(
                        scene.key().cluster(), cluster, status -> SplitRecords.thawed(status, uid, version));
            }
        };
    }

    /** One session at each shard, whatever it is to how many parts. */
    private final class Sessions implements AutoCloseable {
        private final SplitScene scene;
        private final SplitMaps maps;
        private final Map<String, Connection> open = new HashMap<>();
        private final Map<String, Long> terms = new HashMap<>();

        Sessions(SplitScene scene) {
            this.scene = scene;
            this.maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        }

        List<Party> parties() throws SQLException, NoLoginException {
            List<Party> parties = new ArrayList<>();
            boolean back = scene.record().switched();
            for (String target : scene.targets()) {
                SplitNames names = scene.names(target);
                Party.Side source = side(scene.record().source());
                Party.Side to = side(target);
                parties.add(
                        back
                                ? new Party(names, to, source, names.forward())
                                : new Party(names, source, to, names.reverse()));
            }
            return parties;
        }

        Map<String, Long> terms() {
            return Map.copyOf(terms);
        }

        private Party.Side side(String shard) throws SQLException, NoLoginException {
            Connection session = open.get(shard);
            if (session == null) {
                ShardDatabase database = shards.database(scene, shard);
                session = database.asSuperuser();
                open.put(shard, session);
                terms.put(shard, database.term());
            }
            List<GuardChange.Freezing> freezing = new ArrayList<>();
            List<GuardChange.Guarded> opening = new ArrayList<>();
            try (Statement statement = session.createStatement()) {
                for (SplitMaps.Table table : ExistingTables.of(statement, maps)) {
                    freezing.add(new GuardChange.Freezing(
                            table.table(), maps.guard(table.present(), shard), maps.guard(table.next(), shard)));
                    opening.add(new GuardChange.Guarded(table.table(), maps.guard(table.next(), shard)));
                }
            }
            return new Party.Side(shard, session, freezing, opening);
        }

        @Override
        public void close() throws SQLException {
            SQLException first = null;
            for (Connection session : open.values()) {
                try {
                    session.close();
                } catch (SQLException e) {
                    first = first == null ? e : first;
                }
            }
            if (first != null) {
                throw first;
            }
        }
    }
}
