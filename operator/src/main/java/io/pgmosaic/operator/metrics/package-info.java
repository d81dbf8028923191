/** What Prometheus reads. */
@NullMarked
package io.pgmosaic.operator.metrics;

import org.jspecify.annotations.NullMarked;
