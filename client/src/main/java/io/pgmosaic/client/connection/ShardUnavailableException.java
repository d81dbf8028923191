package io.pgmosaic.client.connection;

import io.pgmosaic.client.topology.ShardServers;

import java.sql.SQLTransientConnectionException;
import java.util.Objects;

/** A shard has no server for what is to be done, as in the seconds of a failover. Nothing was sent to any. */
public final class ShardUnavailableException extends SQLTransientConnectionException {
    private static final long serialVersionUID = 1L;

    ShardUnavailableException(ShardServers shard) {
        super(
                "shard " + shard.shard() + " has no primary in term " + shard.term() + ": "
                        + Objects.requireNonNullElse(shard.reason(), "no reason was told"),
                "08001");
    }
}
