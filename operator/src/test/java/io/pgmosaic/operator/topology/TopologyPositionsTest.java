package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.SetClock;
import io.pgmosaic.protocol.topology.TopologyEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.pgmosaic.operator.topology.HubTopologies.ORDERS;
import static io.pgmosaic.operator.topology.HubTopologies.database;
import static io.pgmosaic.operator.topology.HubTopologies.positioned;
import static io.pgmosaic.operator.topology.HubTopologies.shard;
import static io.pgmosaic.operator.topology.HubTopologies.topology;
import static org.assertj.core.api.Assertions.assertThat;

/** Where a stream can go on. */
class TopologyPositionsTest {
    private final TopologyHub hub = new TopologyHub(new SetClock(Instant.EPOCH));

    @Test
    void goesOnFromAnyPositionThatEveryLineNames() {
        Random random = new Random(20_261);
        hub.publish(ORDERS, topology(1, 1));
        TopologyHub.Subscription constant = hub.subscribe(ORDERS, null, () -> {}, () -> {});
        List<TopologyEvent> lines = new ArrayList<>(positioned(constant.next()));
        long[] terms = {1, 1};
        for (int i = 0; i < 200; i++) {
            terms[random.nextInt(2)]++;
            hub.publish(ORDERS, topology(terms[0], terms[1]));
            if (random.nextBoolean()) {
                lines.addAll(positioned(constant.next()));
            }
        }
        lines.addAll(positioned(constant.next()));
        for (int end = 1; end <= lines.size(); end++) {
            Map<String, Long> known = new HashMap<>();
            lines.subList(0, end).forEach(line -> apply(known, line));
            TopologyHub.Subscription resumed = hub.subscribe(ORDERS, position(lines.get(end - 1)), () -> {}, () -> {});
            News rest = resumed.next();
            assertThat(rest.kind()).isEqualTo(News.Kind.CHANGES);
            positioned(rest).forEach(line -> apply(known, line));
            assertThat(known).as("after %d lines", end).isEqualTo(Map.of("s0", terms[0], "s1", terms[1]));
        }
    }

    private static void apply(Map<String, Long> known, TopologyEvent line) {
        switch (line) {
            case TopologyEvent.Snapshot snapshot ->
                snapshot.topology().shards().forEach(shard -> known.put(shard.shard(), shard.term()));
            case TopologyEvent.ShardChanged change ->
                known.put(change.shard().shard(), change.shard().term());
            default -> throw new AssertionError(line);
        }
    }

    private static @Nullable String position(TopologyEvent line) {
        return switch (line) {
            case TopologyEvent.Snapshot snapshot -> snapshot.position();
            case TopologyEvent.ShardChanged change -> change.position();
            default -> throw new AssertionError(line);
        };
    }

    /** What another process counted says nothing of this one's changes, however alike the numbers are. */
    @Test
    void tellsEverythingToWhoComesWithAPositionOfAnotherProcessOrOneThatWasNeverGiven() {
        TopologyHub other = new TopologyHub(new SetClock(Instant.EPOCH));
        other.publish(ORDERS, topology(1, 1));
        hub.publish(ORDERS, topology(1, 1));
        TopologyHub.Subscription elsewhere = other.subscribe(ORDERS, null, () -> {}, () -> {});
        elsewhere.next();
        TopologyHub.Subscription here = hub.subscribe(ORDERS, null, () -> {}, () -> {});
        here.next();
        String own = here.position();
        String ahead = own.substring(0, own.length() - 1) + "999";
        List<String> strange = List.of(
                elsewhere.position(), ahead, own + "x", own + "9999999999999999999999", own.replace('.', '-'), "", "0");
        for (String position : strange) {
            assertThat(hub.subscribe(ORDERS, position, () -> {}, () -> {})
                            .next()
                            .kind())
                    .as(position)
                    .isEqualTo(News.Kind.PICTURE);
        }
        assertThat(hub.subscribe(ORDERS, own, () -> {}, () -> {}).next().kind()).isEqualTo(News.Kind.CHANGES);
        hub.publish(ORDERS, database("renamed", List.of(shard("s0", 1))));
        assertThat(hub.subscribe(ORDERS, own, () -> {}, () -> {}).next().kind())
                .as("more than shards changed since")
                .isEqualTo(News.Kind.PICTURE);
    }
}
