package io.pgmosaic.checker;

/**
 * A promise that was broken.
 *
 * @param promise which one, in a word or two
 * @param evidence what was seen, for a person
 */
public record Violation(String promise, String evidence) {
    @Override
    public String toString() {
        return promise + ": " + evidence;
    }
}
