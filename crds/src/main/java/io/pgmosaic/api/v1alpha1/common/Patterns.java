package io.pgmosaic.api.v1alpha1.common;

/** The shapes of text that a spec may hold, shared by the schema and by whoever checks a spec without an API server. */
public final class Patterns {
    /** Lower case, so that a name means the same with and without quotes in SQL. */
    public static final String SQL_IDENTIFIER = "^[a-z_][a-z0-9_]*$";

    /** PostgreSQL cuts longer identifiers off; NAMEDATALEN is 64. */
    public static final int SQL_IDENTIFIER_LENGTH = 63;

    /** RFC 1035: begins with a letter, since it becomes the name of a Service. */
    public static final String DNS_LABEL = "^[a-z]([-a-z0-9]*[a-z0-9])?$";

    public static final int DNS_LABEL_LENGTH = 63;

    /** An instance: {@code cluster-shard-ordinal}; a shard has at most nine. */
    public static final String INSTANCE = "^[a-z]([-a-z0-9]*[a-z0-9])?-[0-8]$";

    /** Of a StatefulSet's name, a hyphen and one digit. */
    public static final int INSTANCE_LENGTH = 54;

    /** A name of a Secret, a ConfigMap or a StorageClass: RFC 1123 subdomain. */
    public static final String DNS_SUBDOMAIN = "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$";

    public static final int DNS_SUBDOMAIN_LENGTH = 253;

    /** A key inside a ConfigMap or Secret. */
    public static final String DATA_KEY = "^[-._a-zA-Z0-9]+$";

    /** One whole number and one unit; a subset of what CEL's and Go's durations accept. */
    public static final String DURATION = "^[0-9]{1,6}(ms|s|m|h)$";

    public static final int DURATION_LENGTH = 8;

    /** A Kubernetes quantity of bytes. */
    public static final String BYTES = "^[1-9][0-9]{0,15}(\\.[0-9]{1,3})?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$";

    /** {@code registry/repository:tag@digest}, without spaces and shell characters. */
    public static final String IMAGE = "^[a-zA-Z0-9][-a-zA-Z0-9._/:@]*$";

    /** A PostgreSQL parameter; with one dot when it belongs to an extension. */
    public static final String PARAMETER_NAME = "^[a-z_][a-z0-9_]*([.][a-z_][a-z0-9_]*)?$";

    /** One line without control characters. */
    public static final String PARAMETER_VALUE = "^[^\\x00-\\x1f\\x7f]*$";

    private Patterns() {}
}
