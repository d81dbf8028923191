package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How lookups of a key are counted against its limit. */
public enum RateLimitAlgorithm {
    /** Tokens come at the rate of the limit and are kept up to the burst; each lookup takes one. */
    @JsonProperty("TokenBucket")
    TOKEN_BUCKET,
    /** No more than the limit in the time of the window, wherever it begins, about. */
    @JsonProperty("SlidingWindow")
    SLIDING_WINDOW
}
