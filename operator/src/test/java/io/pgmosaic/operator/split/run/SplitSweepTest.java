package io.pgmosaic.operator.split.run;

import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.stream.Leftovers.Kind;
import io.pgmosaic.operator.split.stream.Leftovers.Leftover;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class SplitSweepTest {
    private static final String ENDED = "11111111-2222-3333-4444-555555555555";
    private static final String RUNS = "aaaaaaaa-2222-3333-4444-555555555555";

    private static Leftover slot(String name) {
        return new Leftover(Kind.SLOT, name, "");
    }

    @Test
    void onlyWhatNoKnownSplitMadeIsAnOrphan() {
        SplitNames ended = new SplitNames(ENDED, 0);
        SplitNames endedToo = new SplitNames(ENDED, 10);
        SplitNames runs = new SplitNames(RUNS, 1);
        List<Leftover> found = List.of(
                slot(ended.forward()),
                slot(ended.reverse()),
                new Leftover(Kind.EVENT_TRIGGER, endedToo.stem() + "_d", ""),
                new Leftover(Kind.RECORD, runs.stem(), ""),
                slot(runs.forward()),
                slot("mosaic_s_of somebody else"));
        assertThat(SplitSweep.orphans(found, Set.of(RUNS))).containsExactly(ended.stem(), endedToo.stem());
        assertThat(SplitSweep.orphans(found, Set.of(RUNS, ENDED))).isEmpty();
    }
}
