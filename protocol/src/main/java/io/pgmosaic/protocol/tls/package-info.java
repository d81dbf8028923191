/** TLS contexts from PEM files, as Kubernetes Secrets of type {@code kubernetes.io/tls} hold them. */
@NullMarked
package io.pgmosaic.protocol.tls;

import org.jspecify.annotations.NullMarked;
