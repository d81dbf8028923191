/**
 * Keys: typed values of the columns that say where a row lives, how they are read from text, and their hash.
 *
 * <p>Equal keys have equal hashes, and the text that a request carries becomes a key in one way only, so that two
 * requests for the same row never disagree. What cannot be a key is refused with the column and the reason.
 */
@NullMarked
package io.pgmosaic.routing.key;

import org.jspecify.annotations.NullMarked;
