/**
 * PostgreSQL's own 64-bit hashes, bit for bit, so that a router and a database compute the same number for a key.
 *
 * <p>The numbers are those of PostgreSQL's built-in {@code hashint8extended}, {@code hashtextextended} and
 * {@code uuid_hash_extended} on a little-endian machine, for any seed. They have been the same since PostgreSQL 11 and
 * cannot change without breaking hash-partitioned tables on upgrade. Nothing here does I/O or keeps state.
 */
@NullMarked
package io.pgmosaic.routing.hash;

import org.jspecify.annotations.NullMarked;
