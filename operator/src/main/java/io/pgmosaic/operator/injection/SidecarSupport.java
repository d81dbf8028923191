package io.pgmosaic.operator.injection;

/** Whether a Kubernetes starts an init container that goes on, and the others after it. */
public final class SidecarSupport {
    private static final int MAJOR = 1;
    private static final int FIRST_MINOR = 29;

    private SidecarSupport() {}

    /**
     * True from Kubernetes 1.29, where it is on by default.
     *
     * @param major as the API server tells, such as {@code 1}
     * @param minor as the API server tells, such as {@code 29+}
     */
    public static boolean isIn(String major, String minor) {
        int first = number(major);
        return first > MAJOR || (first == MAJOR && number(minor) >= FIRST_MINOR);
    }

    /** The leading digits; some distributions add a sign. 0 without any. */
    private static int number(String text) {
        String digits = text.replaceFirst("^(\\d{0,6}).*$", "$1");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
