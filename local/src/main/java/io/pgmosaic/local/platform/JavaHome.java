package io.pgmosaic.local.platform;

import java.nio.file.Path;

/** The JDK for the processes: the one that this process runs on. */
public final class JavaHome {
    private JavaHome() {}

    /**
     * Its folder.
     *
     * @throws MissingRequirement when the pods' user cannot run it
     */
    public static Path readableBy(Account account) {
        Path home = Path.of(System.getProperty("java.home"));
        if (!account.canRead(home.resolve("bin/java")) || !account.canRead(home.resolve("lib/modules"))) {
            throw new MissingRequirement("user " + account + " cannot run the JDK in " + home
                    + ": install one outside of a home directory, such as Debian's, and set JAVA_HOME to it");
        }
        return home;
    }
}
