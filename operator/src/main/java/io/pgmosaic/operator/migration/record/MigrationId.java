package io.pgmosaic.operator.migration.record;

/**
 * One migration.
 *
 * @param uid by which Kubernetes tells it from another of its name
 * @param name for whoever reads the records
 */
public record MigrationId(String uid, String name) {}
