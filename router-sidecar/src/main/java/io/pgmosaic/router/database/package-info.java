/**
 * Questions to the cluster's PostgreSQL servers, as the role {@code mosaic_router}: who may read what the operator granted to it,
 * is let in and put out as applications are, and changes nothing.
 *
 * <p>What it promises: a server is asked over one connection at most, which is opened when it is needed and closed when it is
 * not; the password goes to nobody but a server of the right shard, with a certificate of the cluster's authority; questions
 * that wait are bounded in number and time; nothing blocks.
 */
@NullMarked
package io.pgmosaic.router.database;

import org.jspecify.annotations.NullMarked;
