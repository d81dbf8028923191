/**
 * Takes the text of a statement apart, as far as it takes to know that it is one statement, and how it is to be run. Pure.
 *
 * <p>What it promises: what it lets through is one statement for the server and for the driver too, and does not end or begin a
 * transaction, nor change the session. Whether it is right is the server's to say.
 */
@NullMarked
package io.pgmosaic.operator.migration.sql;

import org.jspecify.annotations.NullMarked;
