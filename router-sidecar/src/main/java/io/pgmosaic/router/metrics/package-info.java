/**
 * Counts and gauges for Prometheus. Names without the product's prefix ({@code shard_requests_total},
 * {@code shard_replication_lag_seconds}, ...) are those that dashboards for sharded databases commonly expect.
 */
@NullMarked
package io.pgmosaic.router.metrics;

import org.jspecify.annotations.NullMarked;
