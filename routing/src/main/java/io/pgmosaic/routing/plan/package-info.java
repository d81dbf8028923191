/** What a cluster of another size or other rules would mean, computed before anything is done. Pure. */
@NullMarked
package io.pgmosaic.routing.plan;

import org.jspecify.annotations.NullMarked;
