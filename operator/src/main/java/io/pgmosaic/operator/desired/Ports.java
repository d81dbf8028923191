package io.pgmosaic.operator.desired;

/** The ports of a database pod. */
public final class Ports {
    public static final int POSTGRES = 5432;
    public static final int MANAGER = 8443;
    public static final int HEALTH = 8008;

    private Ports() {}
}
