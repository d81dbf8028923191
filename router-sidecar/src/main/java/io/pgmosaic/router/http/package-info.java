/**
 * The HTTP interface of {@code openapi.yaml}. Every error is a problem document (RFC 9457) whose detail says what to do;
 * text that a client sent appears in it only as an escaped and shortened JSON string.
 */
@NullMarked
package io.pgmosaic.router.http;

import org.jspecify.annotations.NullMarked;
