/**
 * Which rows are older than their tables' declared retention. Pure, and deletes nothing: a clock that is wrong, or a spec that is
 * changed by mistake, shows in words that a person reads, and not in rows that are gone.
 */
@NullMarked
package io.pgmosaic.operator.retention;

import org.jspecify.annotations.NullMarked;
