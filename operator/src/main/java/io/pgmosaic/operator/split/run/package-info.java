/**
 * Carries out splits: looks, plans one step, takes it, and looks again, in a thread for each split while this replica leads.
 *
 * <p>What it promises: a thread that ends anywhere leaves nothing that the next look does not find; two at once do no harm.
 */
@NullMarked
package io.pgmosaic.operator.split.run;

import org.jspecify.annotations.NullMarked;
