/**
 * Everything that the process prints: one JSON object a line on standard output, PostgreSQL's own log included.
 */
@NullMarked
package io.pgmosaic.instance.log;

import org.jspecify.annotations.NullMarked;
