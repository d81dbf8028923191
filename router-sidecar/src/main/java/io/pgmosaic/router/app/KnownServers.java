package io.pgmosaic.router.app;

import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.ServerAddress;
import io.pgmosaic.router.topology.KnownTopology;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which servers a router may have to ask. Pure. */
final class KnownServers {
    private KnownServers() {}

    /** Those of the shards that the topology lists, also those that a shard had lately: they are asked who is its primary. */
    static Set<ServerAddress> of(KnownTopology known) {
        return known.topology().shards().stream()
                .flatMap(shard -> addresses(known, shard))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<ServerAddress> addresses(KnownTopology known, ShardTopology shard) {
        return known.serversOf(shard).stream().map(server -> ServerAddress.of(known.topology(), shard.shard(), server));
    }
}
