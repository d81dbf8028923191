/**
 * The resource {@code SchemaMigration}.
 */
@NullMarked
package io.pgmosaic.api.v1alpha1.migration;

import org.jspecify.annotations.NullMarked;
