package io.pgmosaic.routing.guard;

/**
 * What both shards of a part of a split remember of it, in table {@code mosaic.moving}: what is not to be seen in the database
 * otherwise. The copy's and the comparison's columns are written at the side that does not own the keys.
 */
final class MovingSchema {
    static final String STEPS = """
              CREATE TABLE IF NOT EXISTS mosaic.moving (
                stem text PRIMARY KEY,
                split text NOT NULL,
                copy_began_at timestamptz,
                copied_at timestamptz,
                copy_position pg_lsn,
                copy_source_term bigint,
                copy_target_term bigint,
                verified_at timestamptz,
                verified_position pg_lsn,
                verified_source_term bigint,
                verified_target_term bigint,
                sealed_version bigint);
            """;

    private MovingSchema() {}
}
