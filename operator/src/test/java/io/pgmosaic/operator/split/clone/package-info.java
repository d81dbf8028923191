/** Tests of clones that become shards of their own, on real servers. */
@NullMarked
package io.pgmosaic.operator.split.clone;

import org.jspecify.annotations.NullMarked;
