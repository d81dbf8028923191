/**
 * Looks at pods and instance managers and remembers what it saw last. Changes nothing. Runs on every operator replica, since
 * each of them serves the topology.
 */
@NullMarked
package io.pgmosaic.operator.observe;

import org.jspecify.annotations.NullMarked;
