package io.pgmosaic.router.ids;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

final class RandomIdsTest {
    private static final int MANY = 100_000;

    private final RandomIds ids = new RandomIds();

    @Test
    void ulidsGrow() {
        List<String> texts = Stream.generate(ids::ulid).limit(MANY).toList();
        assertThat(texts)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(text -> text.matches("[0-7][0-9A-HJKMNP-TV-Z]{25}"));
    }

    @Test
    void uuidsGrowAndAreOfVersionSeven() {
        List<String> texts = Stream.generate(ids::uuid).limit(MANY).toList();
        assertThat(texts).isSorted().doesNotHaveDuplicates();
        assertThat(texts).allMatch(text -> UUID.fromString(text).version() == 7);
        assertThat(texts).allMatch(text -> UUID.fromString(text).variant() == 2);
    }

    @Test
    void threadsShareThem() {
        assertThat(IntStream.range(0, MANY).parallel().mapToObj(i -> ids.ulid()).distinct())
                .hasSize(MANY);
        assertThat(IntStream.range(0, MANY).parallel().mapToObj(i -> ids.uuid()).distinct())
                .hasSize(MANY);
    }
}
