package io.pgmosaic.operator.split.schema;

/** PostgreSQL does not take the schema; a person has to do something. Nothing of it was kept. */
public final class SchemaRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    SchemaRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
