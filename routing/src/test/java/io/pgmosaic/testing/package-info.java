/**
 * A real PostgreSQL for tests. Nothing is skipped when there is none: a test that needs the database fails and says what
 * to install.
 */
@NullMarked
package io.pgmosaic.testing;

import org.jspecify.annotations.NullMarked;
