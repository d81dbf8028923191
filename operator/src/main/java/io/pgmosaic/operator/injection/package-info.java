/**
 * What a pod gets that asks for a router: a JSON patch made from the pod and the cluster's name. Pure: no clock, no client, no
 * network. A pod that cannot be given one stays as it is, with a warning that says why and what to do.
 *
 * <p>The patch adds and never replaces or removes: whatever this version of PgMosaic does not know of a pod stays in it. Made
 * for a pod that has it already, it is empty but for containers that came since.
 */
@NullMarked
package io.pgmosaic.operator.injection;

import org.jspecify.annotations.NullMarked;
