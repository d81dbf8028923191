package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.CredentialsSpec;
import io.pgmosaic.api.v1alpha1.cluster.InitSqlSpec;
import io.pgmosaic.api.v1alpha1.common.ConfigMapKey;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.regex.Pattern;

/** What is read from elsewhere: Secrets and ConfigMaps by name, and the initial SQL itself. */
final class SourceRules {
    private static final Pattern DATA_KEY = Pattern.compile(Patterns.DATA_KEY);
    private static final int LONGEST_SQL = 262_144;
    private static final int MOST_CONFIG_MAPS = 32;

    private SourceRules() {}

    static void check(CredentialsSpec credentials, InitSqlSpec initSql, Problems problems) {
        if (credentials.superuserSecret() != null) {
            problems.dnsSubdomain(
                    "spec.credentials.superuserSecret.name",
                    credentials.superuserSecret().name());
        }
        if (credentials.applicationSecret() != null) {
            problems.dnsSubdomain(
                    "spec.credentials.applicationSecret.name",
                    credentials.applicationSecret().name());
        }
        problems.size("spec.initSql.configMapRefs", initSql.configMapRefs().size(), MOST_CONFIG_MAPS);
        for (ConfigMapKey reference : initSql.configMapRefs()) {
            problems.dnsSubdomain("spec.initSql.configMapRefs.name", reference.name());
            problems.text(
                    "spec.initSql.configMapRefs.key",
                    reference.key(),
                    DATA_KEY,
                    Patterns.DNS_SUBDOMAIN_LENGTH,
                    "an entry of a ConfigMap: write letters, digits, hyphens, dots and underscores");
        }
        if (initSql.sql() != null) {
            sql(initSql.sql(), problems);
        }
    }

    /** The statements are the user's own and run as the owner of the database; only what no server can read is refused. */
    private static void sql(String sql, Problems problems) {
        problems.require(
                sql.length() <= LONGEST_SQL,
                "spec.initSql.sql",
                Problem.Kind.OUT_OF_RANGE,
                "has " + sql.length() + " characters: write at most " + LONGEST_SQL + ", or use configMapRefs");
        problems.require(
                sql.indexOf('\0') < 0,
                "spec.initSql.sql",
                Problem.Kind.MALFORMED,
                "holds a NUL character, which no SQL text can: remove it");
    }
}
