/** What failures mean. */
@NullMarked
package io.pgmosaic.client.connection;

import org.jspecify.annotations.NullMarked;
