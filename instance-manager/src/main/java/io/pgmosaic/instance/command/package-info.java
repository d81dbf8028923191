/**
 * What the instance does when it is told to, and what it refuses.
 *
 * <p>One thread starts and stops PostgreSQL and writes the volume; it does one thing at a time. The term of a command is on
 * the disk before anything is done because of it (invariant I1), and a standby streams only in the term that it has promised.
 */
@NullMarked
package io.pgmosaic.instance.command;

import org.jspecify.annotations.NullMarked;
