/** Real managers as processes with volumes, certificates and addresses of their own; everything ends with its test. */
@NullMarked
package io.pgmosaic.instance.harness;

import org.jspecify.annotations.NullMarked;
