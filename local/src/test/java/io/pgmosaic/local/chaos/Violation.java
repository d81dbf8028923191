package io.pgmosaic.local.chaos;

/**
 * A promise that was broken.
 *
 * @param promise which one, in a word or two
 * @param evidence what was seen, for a person
 */
record Violation(String promise, String evidence) {
    @Override
    public String toString() {
        return promise + ": " + evidence;
    }
}
