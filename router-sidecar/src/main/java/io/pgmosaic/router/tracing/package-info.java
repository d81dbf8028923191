/**
 * Spans of lookups and of queries that go to all shards, for OpenTelemetry. There are none, and nothing of it is loaded, unless the
 * standard environment variables say where spans go.
 */
@NullMarked
package io.pgmosaic.router.tracing;

import org.jspecify.annotations.NullMarked;
