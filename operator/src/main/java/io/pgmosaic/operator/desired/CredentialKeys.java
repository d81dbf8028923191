package io.pgmosaic.operator.desired;

/** Keys of the credentials Secret, and the names of the files in a database pod. */
public final class CredentialKeys {
    public static final String SUPERUSER = "superuser-password";
    public static final String MANAGER = "manager-password";
    public static final String REPLICATION = "replication-password";
    /** Of the role that runs the initial SQL. */
    public static final String SETUP = "setup-password";

    private CredentialKeys() {}
}
