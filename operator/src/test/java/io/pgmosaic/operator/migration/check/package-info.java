/** The rehearsal, against PostgreSQL. */
@NullMarked
package io.pgmosaic.operator.migration.check;

import org.jspecify.annotations.NullMarked;
