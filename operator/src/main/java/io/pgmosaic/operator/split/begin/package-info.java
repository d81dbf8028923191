/** Whether a split can begin, and with what: every problem at once, before anything is changed. */
@NullMarked
package io.pgmosaic.operator.split.begin;

import org.jspecify.annotations.NullMarked;
