package io.pgmosaic.checker.consistency;

/** A guarantee that is checked. */
public enum Guarantee {
    READ_YOUR_WRITES("read-your-writes", "ryw"),
    MONOTONIC("monotonic", "monotonic"),
    CAUSAL("causal", "causal");

    private final String parameter;
    private final String figure;

    Guarantee(String parameter, String figure) {
        this.parameter = parameter;
        this.figure = figure;
    }

    /** As lookups name it. */
    String parameter() {
        return parameter;
    }

    /** As figures name it. */
    public String figure() {
        return figure;
    }
}
