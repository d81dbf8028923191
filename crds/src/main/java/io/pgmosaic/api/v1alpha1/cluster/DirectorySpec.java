package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.time.Duration;

/** A directory of keys that are on another shard than the rule says, which is changed while the cluster runs. */
@ApiValue
public record DirectorySpec(
        @JsonPropertyDescription(
                "A key is given to another shard once all transactions are over that may have written rows of it: for how long to wait for them before the change is refused. A whole number and ms, s or m, between 100ms and 1m.")
        @Default("5s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String waitForTransactions) {
    public static final String DEFAULT_WAIT = "5s";

    public DirectorySpec {
        waitForTransactions = waitForTransactions == null ? DEFAULT_WAIT : waitForTransactions;
    }

    /** {@code waitForTransactions} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration waitForTransactionsDuration() {
        return DurationText.parse(waitForTransactions);
    }
}
