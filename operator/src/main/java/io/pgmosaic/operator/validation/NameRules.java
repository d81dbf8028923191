package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.Set;

/** The names of the cluster, its database and the owner. */
final class NameRules {
    private static final Set<String> DATABASES = Set.of("postgres", "template0", "template1");

    /** PostgreSQL refuses the latter two as role names even in quotes. */
    private static final Set<String> ROLES = Set.of("postgres", "public", "none");

    private NameRules() {}

    static void check(String cluster, ShardedClusterSpec spec, Problems problems) {
        problems.dnsLabel("metadata.name", cluster, Patterns.DNS_LABEL_LENGTH);
        if (problems.sqlIdentifier("spec.database", spec.database()) && DATABASES.contains(spec.database())) {
            problems.add(
                    "spec.database",
                    Problem.Kind.RESERVED,
                    "postgres, template0 and template1 belong to PostgreSQL: write another name, such as app");
        }
        if (problems.sqlIdentifier("spec.owner", spec.owner()) && reservedRole(spec.owner())) {
            problems.add(
                    "spec.owner",
                    Problem.Kind.RESERVED,
                    "postgres, public, none, pg_* and mosaic_* belong to PostgreSQL and to PgMosaic: write another name,"
                            + " such as app");
        }
    }

    private static boolean reservedRole(String role) {
        return ROLES.contains(role) || role.startsWith("pg_") || role.startsWith("mosaic_");
    }
}
