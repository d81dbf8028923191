package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The body of {@code GET /v1/owners}: the shard that has a key, and those that follow it on the ring.
 *
 * @param owners the shard that has the key first
 */
record OwnersDocument(long mapVersion, String table, List<Owner> owners) {
    OwnersDocument {
        owners = List.copyOf(owners);
    }

    /** @param zone of the shard's primary; null when unknown, and while there is none */
    record Owner(String shard, @Nullable String zone) {}

    /**
     * @throws UnplacedKeyException when no shard holds such a key
     * @throws IllegalArgumentException when it is not placed by a ring, or there are not so many shards
     */
    static OwnersDocument of(RoutingTable table, TableRoute.Sharded route, RowKey key, OwnersQuery query) {
        List<String> shards =
                route.map().ownersOf(key, query.count(), shard -> query.spread() ? zone(table, shard) : null);
        return new OwnersDocument(
                table.topology().map().version(),
                route.name(),
                shards.stream()
                        .map(shard -> new Owner(shard, zone(table, shard)))
                        .toList());
    }

    private static @Nullable String zone(RoutingTable table, String shard) {
        @Nullable ShardAnswers answers = table.shard(shard);
        @Nullable Server primary = answers == null ? null : answers.topology().primary();
        return primary == null ? null : primary.zone();
    }
}
