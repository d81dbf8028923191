@NullMarked
package io.pgmosaic.operator.migration.run;

import org.jspecify.annotations.NullMarked;
