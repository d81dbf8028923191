/** How statements are put into reports. */
@NullMarked
package io.pgmosaic.client.load;

import org.jspecify.annotations.NullMarked;
