/**
 * Machine numbers for the routers' snowflakes. A number and a span of time belong to one router alone; the record of that is a
 * ConfigMap of the cluster's, which any replica of the operator changes by compare-and-set.
 *
 * <p>What it promises: no two grants of a number to different holders have a time in common. This follows from the record alone
 * and not from anybody's clock: a grant begins where the one before it ended.
 */
@NullMarked
package io.pgmosaic.operator.ids;

import org.jspecify.annotations.NullMarked;
