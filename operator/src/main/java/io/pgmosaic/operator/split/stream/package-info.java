/**
 * The changes of one shard on their way to the other: a publication and a slot at the sender, a subscription at the receiver.
 *
 * <p>What it promises: every object is known by its name, found by looking and made or dropped as often as is asked for; what one side
 * has can be taken away when the other is gone. Rows are written by the role that moves rows, never by the superuser.
 */
@NullMarked
package io.pgmosaic.operator.split.stream;

import org.jspecify.annotations.NullMarked;
