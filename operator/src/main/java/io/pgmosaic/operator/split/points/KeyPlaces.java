package io.pgmosaic.operator.split.points;

import io.pgmosaic.routing.guard.GuardedTable;

import java.sql.SQLException;
import java.util.List;

/** Looks at some rows of the source. */
public interface KeyPlaces {
    /** Hashes of keys, one for each row that was looked at; at most some ten thousand. */
    List<String> hashes(GuardedTable table) throws SQLException;

    /** Values of the first column of keys, in the form in which a map has them. */
    List<String> values(GuardedTable table) throws SQLException;
}
