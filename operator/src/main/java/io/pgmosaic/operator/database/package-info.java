/**
 * What the operator does inside a shard's PostgreSQL, over SQL on the primary: roles, the database, the schema {@code mosaic},
 * the initial SQL, the guard on sharded tables.
 *
 * <p>Every connection pins {@code search_path} to {@code pg_catalog} and has time-outs. Nothing that a user wrote runs as a
 * superuser: the initial SQL runs in a session of {@code mosaic_setup}, a role whose only power is to be the database's
 * owner. What is done already is found out by looking, so each step can be repeated.
 */
@NullMarked
package io.pgmosaic.operator.database;

import org.jspecify.annotations.NullMarked;
