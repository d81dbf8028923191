/**
 * Connections to the servers of shards, each checked to lead to the server it was opened for before anything is done on it.
 *
 * <p>A connection that lives proves that its server runs on. So what is found once of a primary holds for as long as the
 * connection does, and how far a standby had come is never taken back.
 */
@NullMarked
package io.pgmosaic.client.connection;

import org.jspecify.annotations.NullMarked;
