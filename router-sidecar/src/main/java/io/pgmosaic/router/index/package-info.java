/**
 * Lookup indexes: which key has a value, as the shard that keeps the value's entry tells, remembered for a while in bounded memory.
 *
 * <p>What it promises: that no key has a value is said by a primary alone, at that moment. What is remembered or said by a replica may be
 * old: whoever reads the row sees whether it still has the value, and asks again with refresh if not.
 */
@NullMarked
package io.pgmosaic.router.index;

import org.jspecify.annotations.NullMarked;
