/** What a person reads of a migration. Pure. */
@NullMarked
package io.pgmosaic.operator.migration.status;

import org.jspecify.annotations.NullMarked;
