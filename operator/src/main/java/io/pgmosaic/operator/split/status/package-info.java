/** What a person reads of a split. Pure. */
@NullMarked
package io.pgmosaic.operator.split.status;

import org.jspecify.annotations.NullMarked;
