/**
 * The ShardedCluster's status, built in one place from facts. Pure: the time is given.
 */
@NullMarked
package io.pgmosaic.operator.status;

import org.jspecify.annotations.NullMarked;
