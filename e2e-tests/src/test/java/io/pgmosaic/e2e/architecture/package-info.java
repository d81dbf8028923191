/**
 * The rules between modules, read from their class files. Within {@code routing} its own test keeps the rules.
 */
@NullMarked
package io.pgmosaic.e2e.architecture;

import org.jspecify.annotations.NullMarked;
