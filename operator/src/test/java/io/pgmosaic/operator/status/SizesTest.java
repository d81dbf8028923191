package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.SizeState;
import io.pgmosaic.api.v1alpha1.cluster.TableSizeState;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.database.DatabaseSize;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

class SizesTest {
    private static final long MEGABYTE = 1_048_576;

    private static DatabaseReport report(@Nullable DatabaseSize size) {
        return new DatabaseReport(true, List.of(), null, 1, size);
    }

    @Test
    void keepsWhatIsStoredUntilItIsOffNoticeably() {
        SizeState first = requireNonNull(Sizes.of(
                null, report(new DatabaseSize(100 * MEGABYTE, Map.of("a.b", 10 * MEGABYTE, "a.c", 20 * MEGABYTE)))));
        assertThat(first)
                .isEqualTo(new SizeState(
                        100 * MEGABYTE,
                        List.of(new TableSizeState("a.c", 20 * MEGABYTE), new TableSizeState("a.b", 10 * MEGABYTE))));
        assertThat(Sizes.of(first, null)).isSameAs(first);
        assertThat(Sizes.of(first, report(null))).isSameAs(first);
        assertThat(Sizes.of(
                        first,
                        report(new DatabaseSize(
                                104 * MEGABYTE, Map.of("a.b", 10 * MEGABYTE + 9, "a.c", 20 * MEGABYTE)))))
                .isSameAs(first);
        SizeState grown = requireNonNull(Sizes.of(
                first, report(new DatabaseSize(104 * MEGABYTE, Map.of("a.b", 14 * MEGABYTE, "a.c", 20 * MEGABYTE)))));
        assertThat(grown).isNotEqualTo(first);
        assertThat(grown.bytes()).isEqualTo(104 * MEGABYTE);
        SizeState other = requireNonNull(
                Sizes.of(first, report(new DatabaseSize(100 * MEGABYTE, Map.of("a.b", 1L, "a.c", 1L, "a.d", 1L)))));
        assertThat(other.tables()).hasSize(3);
    }

    @Test
    void namesTheLargestTablesAlone() {
        Map<String, Long> tables =
                IntStream.range(0, 200).boxed().collect(Collectors.toMap(i -> "public.t" + i, i -> (long) i));
        SizeState size = requireNonNull(Sizes.of(null, report(new DatabaseSize(MEGABYTE, tables))));
        assertThat(size.tables()).hasSize(20);
        assertThat(size.tables().getFirst().table()).isEqualTo("public.t199");
        assertThat(Sizes.of(size, report(new DatabaseSize(MEGABYTE, tables)))).isSameAs(size);
    }
}
