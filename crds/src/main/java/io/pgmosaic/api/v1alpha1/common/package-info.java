/**
 * What the resources share: the API's names, the permitted shapes of text, references to other objects. Types only.
 */
@NullMarked
package io.pgmosaic.api.v1alpha1.common;

import org.jspecify.annotations.NullMarked;
