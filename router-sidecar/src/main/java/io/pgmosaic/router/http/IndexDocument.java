package io.pgmosaic.router.http;

import java.util.List;

/**
 * The key of the row that has a value of a lookup index.
 *
 * @param table {@code schema.name}
 * @param key values of the columns of role Key, in order
 * @param shard that has the key
 * @param ageMs how long ago it was found out, in milliseconds
 */
record IndexDocument(String index, String table, List<String> key, String shard, long ageMs) {
    IndexDocument {
        key = List.copyOf(key);
    }
}
