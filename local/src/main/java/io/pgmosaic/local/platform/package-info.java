/**
 * What the local mode needs of the machine: an unprivileged user, processes that end with their starter, loopback
 * addresses, PostgreSQL's binaries, a JDK, and a folder for its state. What is missing is said in one line.
 */
@NullMarked
package io.pgmosaic.local.platform;

import org.jspecify.annotations.NullMarked;
