/**
 * Keys that are on another shard than the rule says, as the shards' own databases have it. A router remembers a bounded number of
 * answers, of keys without an entry too, and asks for each of the others once, however many lookups wait for it.
 *
 * <p>What it promises: a key of which nothing is known is never looked up by the rule alone. An answer that is older than it may be
 * is used only while its shard cannot be asked, and says so.
 */
@NullMarked
package io.pgmosaic.router.directory;

import org.jspecify.annotations.NullMarked;
