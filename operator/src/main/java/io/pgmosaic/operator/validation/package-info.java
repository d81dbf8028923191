/**
 * Whether a spec can be carried out: the rules of the schema once more, since an API server may be too old to know them
 * all, and those that need more than one document can say. Pure: no clock, no client, no JDBC.
 *
 * <p>Every problem is reported, not the first alone, each with what to write instead. Text from a spec is shown cut short
 * and with control characters escaped.
 */
@NullMarked
package io.pgmosaic.operator.validation;

import org.jspecify.annotations.NullMarked;
