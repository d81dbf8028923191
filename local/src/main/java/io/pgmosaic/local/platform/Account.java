package io.pgmosaic.local.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The user that pods run as. PostgreSQL refuses to run as root, so root drops to {@code postgres}, or to {@code nobody}
 * where that does not exist; everybody else runs pods as themselves.
 */
public final class Account {
    private final Optional<String> user;

    private Account(Optional<String> user) {
        this.user = user;
    }

    /**
     * The account for this process.
     *
     * @throws MissingRequirement when this is root and there is no user or tool to drop to
     */
    public static Account detect() {
        if (!isRoot()) {
            return new Account(Optional.empty());
        }
        Commands.require("setpriv", "util-linux");
        for (String name : List.of("postgres", "nobody")) {
            if (Commands.succeeds(List.of("id", "-u", name))) {
                return new Account(Optional.of(name));
            }
        }
        throw new MissingRequirement(
                "PostgreSQL cannot run as root, and there is no user postgres or nobody to run it as");
    }

    /** The user of this process itself. */
    public static Account self() {
        return new Account(Optional.empty());
    }

    /** Whether this process may do everything. */
    public static boolean isRoot() {
        return Commands.output(List.of("id", "-u")).equals("0");
    }

    /** Whether this is another user than that of this process. */
    public boolean isOther() {
        return user.isPresent();
    }

    /** The command that runs {@code command} as this account; the process id stays the same. */
    public List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>();
        user.ifPresent(name -> wrapped.addAll(
                List.of("setpriv", "--reuid=" + name, "--regid=" + groupOf(name), "--clear-groups", "--")));
        wrapped.addAll(command);
        return wrapped;
    }

    /** Gives a file or folder, and what is in it, to this account. */
    public void own(Path path) {
        if (user.isEmpty()) {
            return;
        }
        try {
            var owner = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.get());
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                    return visitFile(dir, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.setAttribute(file, "posix:owner", owner, LinkOption.NOFOLLOW_LINKS);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give " + path + " to " + user.get(), e);
        }
    }

    /** Lets this account's group read a file that stays root's, as a volume with an fsGroup does. */
    public void ownByGroup(Path path) {
        if (user.isEmpty()) {
            return;
        }
        try {
            var group = path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(groupOf(user.get()));
            Files.setAttribute(path, "posix:group", group, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give " + path + " to the group of " + user.get(), e);
        }
    }

    /** Whether this account can read a file, or enter a folder. */
    public boolean canRead(Path path) {
        return Commands.succeeds(wrap(List.of("test", "-r", path.toString())));
    }

    private static String groupOf(String name) {
        return Commands.output(List.of("id", "-gn", name));
    }

    @Override
    public String toString() {
        return user.orElseGet(() -> System.getProperty("user.name", "the current user"));
    }
}
