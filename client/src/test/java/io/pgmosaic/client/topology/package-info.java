/** What is kept of what routers tell. */
@NullMarked
package io.pgmosaic.client.topology;

import org.jspecify.annotations.NullMarked;
