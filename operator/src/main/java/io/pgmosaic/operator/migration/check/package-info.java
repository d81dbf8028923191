/**
 * What the statements of a migration would do to a shard, found out before any shard sees them: they are run for a rehearsal in a
 * database that has the schema and no rows, PostgreSQL's own books tell what each of them did, and the sizes of the real tables say
 * whom that would hurt.
 */
@NullMarked
package io.pgmosaic.operator.migration.check;

import org.jspecify.annotations.NullMarked;
