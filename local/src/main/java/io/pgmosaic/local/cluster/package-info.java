/**
 * A whole local cluster: the Kubernetes API, the pod runtime, the operator and a router, wired together. The operator and
 * the routers are pods like the databases are, so they are started, probed, logged and restarted the same way.
 */
@NullMarked
package io.pgmosaic.local.cluster;

import org.jspecify.annotations.NullMarked;
