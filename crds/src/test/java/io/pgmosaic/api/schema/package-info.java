/** What an API server makes of the CustomResourceDefinitions: every rule seen to fire, on a real server where there is one. */
@NullMarked
package io.pgmosaic.api.schema;

import org.jspecify.annotations.NullMarked;
