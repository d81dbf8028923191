package io.pgmosaic.operator.split.verify;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens sessions in the database of one of the two shards, at its primary in its present term and at no other server. */
public interface Side {
    /** For what the product keeps; it reads and writes no table of a user. */
    Connection superuser() throws SQLException;

    /** Of the role that reads and writes the rows that move, {@code mosaic_move}. */
    Connection mover() throws SQLException;
}
