package io.pgmosaic.operator.plan;

/**
 * Something worth telling a person.
 *
 * @param subject what it is about: an instance's or a shard's name
 * @param message what is the case and, where a person must act, what to do
 */
public record Finding(Reason reason, String subject, String message) {}
