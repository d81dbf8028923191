/**
 * Clients of a sharded database that write down what they did and what they were told, and the checks of it: every acknowledged
 * insert is there exactly once, registers are linearizable, no write that began under an old term was acknowledged after a newer
 * primary was there, the router never went back. The checks are pure functions of what was recorded. Tests use it on a cluster
 * that they break, from outside or as an application's pod ({@link io.pgmosaic.checker.Application}).
 */
@NullMarked
package io.pgmosaic.checker;

import org.jspecify.annotations.NullMarked;
