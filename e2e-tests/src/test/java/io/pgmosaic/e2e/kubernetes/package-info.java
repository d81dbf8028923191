/**
 * The product on a real Kubernetes, as a person installs and uses it: with helm, kubectl and an application's pod whose router
 * stands beside it. Whatever is done to it, the checker of {@code io.pgmosaic.checker} must find every acknowledged write.
 */
@NullMarked
package io.pgmosaic.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
