/**
 * The resource {@code SchemaMigration}. Types only: this version of the operator does not act on it.
 */
@NullMarked
package io.pgmosaic.api.v1alpha1.migration;

import org.jspecify.annotations.NullMarked;
