/**
 * Webhooks that the Kubernetes API server calls, over HTTPS: one gives pods the router that they ask for, one refuses clusters
 * whose spec cannot be carried out. Every replica of the operator answers, whether it leads or not.
 *
 * <p>Nobody is locked out by a defect here: the configurations have failurePolicy Ignore, pods are let in whatever comes of
 * them, and a cluster is refused only for what its conditions would say.
 */
@NullMarked
package io.pgmosaic.operator.admission;

import org.jspecify.annotations.NullMarked;
