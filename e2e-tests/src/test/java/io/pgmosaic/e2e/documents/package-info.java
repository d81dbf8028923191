/**
 * The documents against the code and against each other, so that they cannot go stale unnoticed.
 */
@NullMarked
package io.pgmosaic.e2e.documents;

import org.jspecify.annotations.NullMarked;
