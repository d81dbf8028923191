/** The command line of the local mode: {@code demo}, {@code up}, {@code down}, {@code status}. */
@NullMarked
package io.pgmosaic.local.cli;

import org.jspecify.annotations.NullMarked;
