/**
 * How often a key may be looked up at this router. Bounded: keys are counted exactly once the sketch of hot keys says that they
 * may be near their limit, and only so many of them; a key that has all of its allowance is forgotten without a difference.
 */
@NullMarked
package io.pgmosaic.router.limits;

import org.jspecify.annotations.NullMarked;
