package io.pgmosaic.operator.upkeep;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens sessions on the primaries of a cluster's shards, and on no other server. */
public interface ShardSessions {
    /** @throws SQLException also when the shard has no primary now; the message is for a person */
    Connection superuser(String shard) throws SQLException;

    /** One of the owner of the tables, to read them with no more power than that. */
    Connection owner(String shard) throws SQLException;
}
