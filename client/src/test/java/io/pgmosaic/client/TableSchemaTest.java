package io.pgmosaic.client;

import io.pgmosaic.client.FakeRouter.Answer;
import io.pgmosaic.client.topology.RouterConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TableSchemaTest {
    private static final String PATH = "/v1/schema";

    private final FakeRouter fake = new FakeRouter();
    private final RouterConnection router = new RouterConnection(fake.address(), Duration.ofSeconds(2));
    private final AtomicLong now = new AtomicLong(1);
    private final TableSchema orders =
            new TableSchema(new SchemaKeeper(router, Duration.ofSeconds(1), now::get), "orders", null);

    @AfterEach
    void close() {
        router.close();
        fake.close();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void says(boolean expanded, boolean filled, boolean complete, boolean settled) {
        fake.says(
                PATH,
                Map.of(
                        "expanded", expanded,
                        "filled", filled,
                        "complete", complete,
                        "settled", settled,
                        "shards", List.of(Map.of("shard", "s0", "expanded", true, "filled", true, "complete", false))));
    }

    private void isAway() {
        fake.on(PATH, request -> new Answer(503, Map.of("type", "urn:pgmosaic:problem:no-topology", "detail", "none")));
    }

    @Test
    void tellsWhatTheRouterSaysForAllShardsAndForOne() {
        says(true, false, false, false);
        assertThat(orders.isExpanded("notes")).isTrue();
        assertThat(orders.isFilled("notes")).isFalse();
        assertThat(orders.isComplete("notes")).isFalse();
        assertThat(orders.on("s0").isFilled("notes")).isTrue();
        assertThat(orders.on("s7").isExpanded("notes")).isFalse();
        assertThat(orders.choose("notes", "new", "old")).isEqualTo("old");
        assertThat(orders.on("s0").choose("notes", "new", "old")).isEqualTo("new");
        assertThat(fake.requests(PATH)).as("asked once").hasSize(1);
    }

    @Test
    void asksAgainAfterTheInterval() {
        says(true, true, false, false);
        assertThat(orders.isFilled("notes")).isTrue();
        says(false, false, false, false);
        assertThat(orders.isFilled("notes")).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(orders.isFilled("notes")).as("taken back").isFalse();
    }

    @Test
    void whatCanBeTakenBackIsNotReliedOnForLongWhenTheRouterIsAway() {
        says(true, true, false, false);
        assertThat(orders.isFilled("notes")).isTrue();
        isAway();
        pass(SchemaKeeper.RELIABLE);
        assertThat(orders.isFilled("notes")).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(orders.isFilled("notes")).isFalse();
    }

    @Test
    void whatIsSettledStaysTrueWhenTheRouterIsAway() {
        says(true, true, false, true);
        assertThat(orders.isFilled("notes")).isTrue();
        isAway();
        pass(Duration.ofHours(1));
        assertThat(orders.isFilled("notes")).isTrue();
        assertThat(orders.isComplete("notes")).isFalse();
    }

    @Test
    void whatIsCompleteIsNotAskedForAgain() {
        says(true, true, true, true);
        assertThat(orders.isComplete("notes")).isTrue();
        pass(Duration.ofHours(1));
        assertThat(orders.isComplete("notes")).isTrue();
        assertThat(fake.requests(PATH)).hasSize(1);
    }

    @Test
    void nothingIsThereOfWhatNobodyKnows() {
        assertThat(orders.isExpanded("notes")).as("an earlier router").isFalse();
        isAway();
        pass(Duration.ofSeconds(1));
        assertThat(orders.isExpanded("notes")).isFalse();
        assertThat(orders.isExpanded("notes")).isFalse();
        assertThat(fake.requests(PATH)).as("not asked again at once").hasSize(2);
        says(true, false, false, false);
        pass(Duration.ofSeconds(1));
        assertThat(orders.isExpanded("notes")).isTrue();
    }

    @Test
    void namesAreNeeded() {
        assertThatThrownBy(() -> orders.isExpanded(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name the migration");
        assertThatThrownBy(() -> orders.on("")).hasMessage("name the shard");
    }
}
