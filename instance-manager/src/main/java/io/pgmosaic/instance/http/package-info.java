/**
 * The two listeners: commands and status for the operator over mutual TLS, health for the kubelet in plain HTTP.
 *
 * <p>Nothing here decides anything; a request is read, checked for its form, handed to {@code command}, and answered.
 */
@NullMarked
package io.pgmosaic.instance.http;

import org.jspecify.annotations.NullMarked;
