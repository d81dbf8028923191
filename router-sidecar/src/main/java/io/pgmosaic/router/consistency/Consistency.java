package io.pgmosaic.router.consistency;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The guarantees that a read can ask for, from the weakest to the strongest. */
public enum Consistency {
    /** Some state that the shard was in. */
    EVENTUAL("eventual"),
    /** A state that is not older than so many milliseconds. */
    BOUNDED("bounded"),
    /** What the reader itself has written. */
    READ_YOUR_WRITES("read-your-writes"),
    /** What the reader itself has read before. */
    MONOTONIC("monotonic"),
    /** Both, and with a token whatever went into it on its way. */
    CAUSAL("causal"),
    /** Everything that was acknowledged. */
    STRONG("strong");

    private static final Map<String, Consistency> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Consistency::text, Function.identity()));

    private final String text;

    Consistency(String text) {
        this.text = text;
    }

    /** As a request writes it. */
    public String text() {
        return text;
    }

    /** Whether it is about what one reader did before, so that the router has to know who reads. */
    public boolean isOfAReader() {
        return this == READ_YOUR_WRITES || this == MONOTONIC || this == CAUSAL;
    }

    /** Null for a word that is none of them. */
    public static @Nullable Consistency of(String text) {
        return BY_TEXT.get(text);
    }
}
