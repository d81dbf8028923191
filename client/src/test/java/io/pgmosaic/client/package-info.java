/** The client against real databases with real guards, and a router that says what a test has it say. */
@NullMarked
package io.pgmosaic.client;

import org.jspecify.annotations.NullMarked;
