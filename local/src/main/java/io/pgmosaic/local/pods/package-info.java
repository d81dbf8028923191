/**
 * StatefulSets and pods as processes of this machine: a controller and a kubelet small enough to read.
 *
 * <p>What a pod template says is done as far as a process can: image, command, arguments, environment with its sources,
 * volumes, probes, restart policy, graceful deletion, status and conditions. A container has no file system of its own,
 * so the mount paths in its command, arguments and environment are rewritten to the pod's folders. Every pod has an
 * address of its own, a new one each time it is created.
 *
 * <p>Not done: resource limits, services, network policies, several nodes.
 */
@NullMarked
package io.pgmosaic.local.pods;

import org.jspecify.annotations.NullMarked;
