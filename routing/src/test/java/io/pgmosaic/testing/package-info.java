/**
 * What the tests and benchmarks of several modules share: a real PostgreSQL, and figures. Nothing is skipped when there is no
 * PostgreSQL: a test that needs it fails and says what to install.
 */
@NullMarked
package io.pgmosaic.testing;

import org.jspecify.annotations.NullMarked;
