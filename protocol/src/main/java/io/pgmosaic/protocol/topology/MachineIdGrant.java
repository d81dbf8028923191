package io.pgmosaic.protocol.topology;

import java.time.Instant;

/**
 * A machine number and the times that ids with it may have. No two grants of a number to different holders have a time in
 * common, so that two ids are never the same, whatever clocks show.
 *
 * @param leaseMillis how long the number may be used, from before the request was sent
 * @param notBefore the earliest time that an id may have
 * @param notAfter ids have earlier times than this one; asking again moves it
 */
public record MachineIdGrant(int machineId, long leaseMillis, Instant notBefore, Instant notAfter) {}
