/**
 * Between the operator and an instance manager: JSON over mutual TLS.
 *
 * <pre>
 * GET  /v1/status     -> 200 {@link io.pgmosaic.protocol.instance.InstanceStatus}
 * POST /v1/bootstrap  {@link io.pgmosaic.protocol.instance.InstanceCommand.Bootstrap}
 * POST /v1/follow     {@link io.pgmosaic.protocol.instance.InstanceCommand.Follow}
 * POST /v1/resume     {@link io.pgmosaic.protocol.instance.InstanceCommand.Resume}
 * POST /v1/configure  {@link io.pgmosaic.protocol.instance.InstanceCommand.Configure}
 * POST /v1/stop       {@link io.pgmosaic.protocol.instance.InstanceCommand.Stop}
 * </pre>
 *
 * <p>A command answers 200 when its effect is there already, 202 when it has begun (its progress is {@code operation} in
 * the status), 409 with a {@link io.pgmosaic.protocol.instance.Refusal} when it is refused, in which case nothing
 * changed. Every command is idempotent: sending it again does no harm and is the way to learn its outcome.
 *
 * <p>The manager decides nothing. It stores the term of a command durably before it acts on it and refuses every lower
 * one (invariant I1).
 */
@NullMarked
package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.NullMarked;
