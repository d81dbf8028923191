/**
 * The shell scripts and Dockerfiles, as far as that is possible without running them: a script that only some machines run
 * must not be broken unnoticed on all.
 */
@NullMarked
package io.pgmosaic.e2e.scripts;

import org.jspecify.annotations.NullMarked;
