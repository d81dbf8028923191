package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Who has promised the shard's present term, and how far the log of each goes. Only an instance counts whose log has its
 * final end and whose data is complete and the shard's: a volume that was lost took its acknowledgements with it.
 */
final class Promises {
    private final SequencedMap<String, LogPosition> ends = new LinkedHashMap<>();

    private Promises() {}

    static Promises of(ShardFacts facts) {
        Promises promises = new Promises();
        for (InstanceFacts instance : facts.instances()) {
            InstanceStatus status = instance.status();
            if (status != null
                    && status.promisedTerm() == facts.record().term()
                    && status.logEnd() != null
                    && holdsShard(instance, facts)) {
                promises.ends.put(instance.name(), status.logEnd());
            }
        }
        return promises;
    }

    /** Whether the instance's volume holds this shard's data, complete. */
    static boolean holdsShard(InstanceFacts instance, ShardFacts facts) {
        return instance.has(DataDirectory.State.PRESENT)
                && Diagnosis.obstacleOfVolume(instance, facts.record().systemIdentifier())
                        .isEmpty();
    }

    Set<String> names() {
        return ends.keySet();
    }

    SequencedMap<String, LogPosition> ends() {
        return ends;
    }

    boolean has(String instance) {
        return ends.containsKey(instance);
    }

    /** How far the furthest of these goes; the beginning of all when none of them has promised. */
    LogPosition furthest(Set<String> among) {
        return ends.entrySet().stream()
                .filter(end -> among.contains(end.getKey()))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder())
                .orElse(new LogPosition(0, io.pgmosaic.protocol.Lsn.ZERO));
    }

    /** Those whose log goes at least that far. */
    List<String> atLeast(LogPosition position) {
        return ends.entrySet().stream()
                .filter(end -> end.getValue().compareTo(position) >= 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    LogPosition end(String instance) {
        return Objects.requireNonNull(ends.get(instance), instance);
    }
}
