/** The demonstration as tests: every step that {@code make demo} shows is asserted here. */
@NullMarked
package io.pgmosaic.local.demo;

import org.jspecify.annotations.NullMarked;
