package io.pgmosaic.instance.postgres;

/** The product's own roles, made at bootstrap; docs/architecture.md says what each is for. */
public final class Roles {
    public static final String SUPERUSER = "postgres";
    public static final String MANAGER = "mosaic_manager";
    public static final String REPLICATION = "mosaic_replication";

    /** Made by the operator, which runs a database's initial SQL as this role. */
    public static final String SETUP = "mosaic_setup";

    /** Made by the operator, which looks at a database as this role and changes it as another. */
    public static final String MONITOR = "mosaic_monitor";

    private Roles() {}
}
