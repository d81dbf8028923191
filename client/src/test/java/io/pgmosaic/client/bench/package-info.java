/** What the client costs. */
@NullMarked
package io.pgmosaic.client.bench;

import org.jspecify.annotations.NullMarked;
