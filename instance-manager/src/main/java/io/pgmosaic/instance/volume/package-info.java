/**
 * What lies on the data volume, and what a crash at any moment leaves of it.
 *
 * <p>Files are replaced whole: written beside, synced, renamed, directory synced. Each carries a digest, so that a torn or
 * edited file is recognised and never taken for an older truth. A directory of PostgreSQL data gets its name only when it is
 * complete.
 */
@NullMarked
package io.pgmosaic.instance.volume;

import org.jspecify.annotations.NullMarked;
