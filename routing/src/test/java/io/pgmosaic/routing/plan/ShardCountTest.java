package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.plan.ShardCount.Driver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ShardCountTest {
    private static final ShardCapacity CAPACITY = new ShardCapacity(50e9, 1_000, 10_000, 2);

    @ParameterizedTest
    @CsvSource({
        "500e9, 5000, 50000, 16, DATA",
        "10e9, 5000, 50000, 8, WRITES",
        "10e9, 500, 150000, 16, READS",
        "0, 0, 0, 1, DATA",
        "50e9, 0, 0, 2, DATA",
        "33e9, 0, 0, 1, DATA",
        "34e9, 0, 0, 2, DATA",
    })
    void takesTheMostOfDataWritesAndReads(double bytes, double writes, double reads, int shards, Driver driver) {
        ShardCount count = ShardCount.of(new Load(bytes, writes, reads), CAPACITY);
        assertThat(count.shards()).isEqualTo(shards);
        assertThat(count.driver()).isEqualTo(driver);
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Load(-1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Load(Double.NaN, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ShardCapacity(1, 1, 1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardCount.of(new Load(1e30, 0, 0), CAPACITY))
                .withMessageContaining("more than 1048576 shards");
    }
}
