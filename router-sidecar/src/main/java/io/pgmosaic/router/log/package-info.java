/**
 * One JSON object a line on standard output, with the same keys in every process of the product. Nothing that a client
 * sent is written into a line except as an escaped JSON string of bounded length.
 */
@NullMarked
package io.pgmosaic.router.log;

import org.jspecify.annotations.NullMarked;
