/**
 * Applications that read with guarantees, and write down when one does not hold. Each writes a counter of its own and reads its
 * own and others', so what a read may show follows from what was acknowledged, reported and passed on.
 */
@NullMarked
package io.pgmosaic.checker.consistency;

import org.jspecify.annotations.NullMarked;
