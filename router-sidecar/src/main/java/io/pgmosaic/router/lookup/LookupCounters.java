package io.pgmosaic.router.lookup;

/** Gives each table and shard of a topology the counters that its lookups add to; the same ones for the same name. */
public interface LookupCounters {
    TableCounters table(String name);

    ShardCounters shard(String name);
}
