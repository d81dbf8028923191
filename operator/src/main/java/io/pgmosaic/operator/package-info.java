/**
 * The operator. Its families of packages, in the order in which a pass goes through them:
 *
 * <ul>
 *   <li>{@code observe}: looks at pods and instance managers, changes nothing
 *   <li>{@code validation}, {@code plan}, {@code desired}: decide; pure, no clock, no client, no JDBC
 *   <li>{@code database}, {@code instance}, {@code pki}: act; every effect can be repeated
 *   <li>{@code status}, {@code event}, {@code topology}: tell people and routers
 *   <li>{@code cluster}: the reconciler that ties them together
 * </ul>
 */
@NullMarked
package io.pgmosaic.operator;

import org.jspecify.annotations.NullMarked;
