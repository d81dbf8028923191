/**
 * Who may read a cluster's topology: whoever shows the token of the Secret {@code <cluster>-router}; a service account of the
 * cluster's own namespace; and anybody else to whom the verb {@code get} on {@code shardedclusters/topology} is granted. The
 * last two show a token that was made for the audience {@code pgmosaic-topology} and for nothing else.
 */
@NullMarked
package io.pgmosaic.operator.access;

import org.jspecify.annotations.NullMarked;
