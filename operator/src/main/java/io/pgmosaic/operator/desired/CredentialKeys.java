package io.pgmosaic.operator.desired;

import java.util.List;

/** Keys of the credentials Secret, and the names of the files in a database pod. */
public final class CredentialKeys {
    public static final String SUPERUSER = "superuser-password";
    public static final String MANAGER = "manager-password";
    public static final String REPLICATION = "replication-password";
    /** Of the role that runs the initial SQL. */
    public static final String SETUP = "setup-password";

    /** Of the role that looks at the databases; a Secret of an earlier version lacks it. */
    public static final String MONITOR = "monitor-password";

    /** Of the role with which routers ask databases; in the Secret of the routers. One that is removed is made anew. */
    public static final String ROUTER = "database-password";

    /** Without which no pod can start, besides the superuser's, which may be in a Secret of the user. Set at initdb. */
    public static final List<String> GIVEN_ONCE = List.of(MANAGER, REPLICATION);

    private CredentialKeys() {}
}
