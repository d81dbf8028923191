/**
 * Between the operator and an instance manager: JSON over mutual TLS.
 *
 * <pre>
 * GET  /v1/status     -> 200 {@link io.pgmosaic.protocol.instance.InstanceStatus}
 * GET  /v1/schema     -> 200 SQL
 * POST /v1/bootstrap  {@link io.pgmosaic.protocol.instance.InstanceCommand.Bootstrap}
 * POST /v1/follow     {@link io.pgmosaic.protocol.instance.InstanceCommand.Follow}
 * POST /v1/resume     {@link io.pgmosaic.protocol.instance.InstanceCommand.Resume}
 * POST /v1/configure  {@link io.pgmosaic.protocol.instance.InstanceCommand.Configure}
 * POST /v1/revoke     {@link io.pgmosaic.protocol.instance.InstanceCommand.Revoke}
 * POST /v1/promote    {@link io.pgmosaic.protocol.instance.InstanceCommand.Promote}
 * POST /v1/open       {@link io.pgmosaic.protocol.instance.InstanceCommand.Open}
 * POST /v1/close      {@link io.pgmosaic.protocol.instance.InstanceCommand.Close}
 * POST /v1/stop       {@link io.pgmosaic.protocol.instance.InstanceCommand.Stop}
 * </pre>
 *
 * <p>A command answers 200 when its effect is there already, 202 when it has begun (its progress is {@code operation} in
 * the status), 409 with a {@link io.pgmosaic.protocol.instance.Refusal} when it is refused, in which case nothing
 * changed. Every command is idempotent: sending it again does no harm and is the way to learn its outcome.
 *
 * <p>The manager decides nothing. It stores the term of a command durably before it acts on it and refuses every lower
 * one (invariant I1).
 *
 * <p>A volume that is empty, or whose promise was lost, cannot refuse a term that is over. Its first command is therefore
 * refused with a challenge ({@link io.pgmosaic.protocol.instance.Refusal.Reason#NO_PROMISE}), and taken when it comes again
 * with {@code ?challenge=<it>}: the operator does so only if it finds, in the record read after the challenge came, that the
 * command's term is the shard's still. What was under way before, or is decided by an older record, does nothing.
 *
 * <p>A status request may carry {@code seen=<bootId>:<changes>&waitMillis=<n>}: it is answered at the next change, or after
 * {@code n} milliseconds. It may carry {@code term=<n>&token=<t>}: the operator that leads confirms that {@code n} is the
 * shard's term, which lengthens the lease of that term's primary.
 *
 * <p>{@code GET /v1/schema?database=<name>&role=<name>&section=pre-data|post-data} tells the statements that make a database like
 * the one of that name, without its rows, without schema {@code mosaic} and what PgMosaic put on tables, without the commands of a
 * client. It is read with the power of {@code role}; 503 says what PostgreSQL has against it, or that another one is being read.
 *
 * <p>Among the managers of a shard: {@code POST /v1/heartbeat} with a {@link io.pgmosaic.protocol.instance.Heartbeat}, from
 * a standby to the instance it follows, answered by {@link io.pgmosaic.protocol.instance.Heartbeat.Answer}. No manager can
 * command another.
 */
@NullMarked
package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.NullMarked;
