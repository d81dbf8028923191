/**
 * PostgreSQL's programs, files and views, and no decision about them.
 *
 * <p>No password is ever on a command line, in a log line or in a status.
 */
@NullMarked
package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.NullMarked;
