/**
 * A Kubernetes API without a cluster: enough of the API server's behaviour for an operator, its client library and
 * {@code kubectl}, from memory and on one loopback address.
 *
 * <p>Promised, because controllers rely on it: optimistic locking, generations, the status subresource, server-side
 * apply with field ownership, finalizers, graceful pod deletion, owner references, watches that replay from a resource
 * version, and the defaults of a CustomResourceDefinition's schema. Not promised: admission, authorization, quotas, and
 * every API that only kubelets and schedulers call.
 *
 * <p>All state belongs to one event loop thread; nothing here locks. {@link io.pgmosaic.local.kubernetes.ClusterApi}
 * hides whether this API or a real kube-apiserver is behind the address.
 */
@NullMarked
package io.pgmosaic.local.kubernetes;

import org.jspecify.annotations.NullMarked;
