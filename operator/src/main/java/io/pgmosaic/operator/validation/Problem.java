package io.pgmosaic.operator.validation;

/**
 * One thing in a spec that cannot be carried out.
 *
 * @param field path from the document's root, such as {@code spec.shards.count}
 * @param message what is wrong and what to write instead, for a person
 */
public record Problem(String field, Kind kind, String message) {
    public enum Kind {
        /** A required value is not there. */
        MISSING,
        /** A value is not of the shape that its field takes. */
        MALFORMED,
        /** A number, a duration or a list is too small or too large. */
        OUT_OF_RANGE,
        /** Something is listed twice. */
        DUPLICATE,
        /** Two fields cannot both be followed. */
        CONTRADICTION,
        /** A name or a setting that belongs to PostgreSQL or to the operator. */
        RESERVED,
        /** What runs cannot be changed like this. */
        IMMUTABLE
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
