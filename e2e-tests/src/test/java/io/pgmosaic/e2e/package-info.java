/**
 * What no single module can test. Suites against a cluster with nodes will live here, too.
 */
@NullMarked
package io.pgmosaic.e2e;

import org.jspecify.annotations.NullMarked;
