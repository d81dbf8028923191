/**
 * The Helm chart, rendered by the real helm, against what its documents promise. What it installs is not run here.
 */
@NullMarked
package io.pgmosaic.e2e.chart;

import org.jspecify.annotations.NullMarked;
