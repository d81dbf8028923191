package io.pgmosaic.router.consistency;

/** What is remembered is remembered of one session on one shard. */
record SessionKey(String session, String shard) {}
