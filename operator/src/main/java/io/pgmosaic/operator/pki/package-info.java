/**
 * Certificate authorities and the certificates they sign. Nothing here talks to the Kubernetes API; callers store what is
 * made. Keys are elliptic-curve P-256, unencrypted PKCS #8 in PEM, as Secrets of type {@code kubernetes.io/tls} hold them.
 */
@NullMarked
package io.pgmosaic.operator.pki;

import org.jspecify.annotations.NullMarked;
