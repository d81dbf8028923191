/**
 * Makes the files that are derived from the Java types: the CustomResourceDefinitions, their copies in the Helm chart and
 * the API reference. They are committed; a test fails when they are not what the types say.
 */
@NullMarked
package io.pgmosaic.api.generate;

import org.jspecify.annotations.NullMarked;
