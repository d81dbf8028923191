/**
 * Talking to instance managers over HTTPS. Each cluster has an authority, a certificate of the operator and connections of its
 * own.
 */
@NullMarked
package io.pgmosaic.operator.instance;

import org.jspecify.annotations.NullMarked;
