/**
 * Accounts of many rows that one client each changes by whatever way leads to a database, and what may be found of them: every
 * acknowledged change, none that was refused, and one of unknown outcome whole or not at all. Nothing here asks a database.
 */
@NullMarked
package io.pgmosaic.checker.accounts;

import org.jspecify.annotations.NullMarked;
