/** Tests of {@code io.pgmosaic.instance.command}. */
@NullMarked
package io.pgmosaic.instance.command;

import org.jspecify.annotations.NullMarked;
