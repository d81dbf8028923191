package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;

/** A place in a shard's log, as requests and answers write it: in which term, and PostgreSQL's {@code pg_lsn}. */
public record Position(long term, Lsn lsn) {
    public static Position of(LogPosition position) {
        return new Position(position.timeline(), position.lsn());
    }
}
