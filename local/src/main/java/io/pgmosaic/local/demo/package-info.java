/**
 * The demonstration: one {@link io.pgmosaic.local.demo.Scenario} of steps, each of which does something and fails when
 * what must follow does not. The command line prints the steps, the test suite runs the same ones.
 */
@NullMarked
package io.pgmosaic.local.demo;

import org.jspecify.annotations.NullMarked;
