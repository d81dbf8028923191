package io.pgmosaic.client.topology;

import java.util.Collection;

/** A table is neither sharded nor a reference table of the cluster. */
public final class UnknownTableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownTableException(String table, Collection<String> known) {
        super("table " + table + " is neither sharded nor a reference table of this cluster, which has " + known
                + "; add it to the ShardedCluster's sharding rules");
    }
}
