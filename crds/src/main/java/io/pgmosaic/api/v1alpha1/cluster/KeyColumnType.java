package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a key column's value is hashed. */
public enum KeyColumnType {
    /** smallint, integer and bigint. */
    @JsonProperty("BigInt")
    BIGINT,
    /** text and varchar. */
    @JsonProperty("Text")
    TEXT,
    /** uuid. */
    @JsonProperty("Uuid")
    UUID,
    /** timestamptz. */
    @JsonProperty("Timestamp")
    TIMESTAMP
}
