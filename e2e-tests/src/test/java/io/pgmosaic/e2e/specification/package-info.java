/**
 * The specification in docs/spec, checked by TLC: its models hold, and each rule in it is needed.
 */
@NullMarked
package io.pgmosaic.e2e.specification;

import org.jspecify.annotations.NullMarked;
