/** Whole managers against real PostgreSQL. */
@NullMarked
package io.pgmosaic.instance;

import org.jspecify.annotations.NullMarked;
