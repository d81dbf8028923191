package io.pgmosaic.local.platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where local clusters keep what they write: one folder for each user of this machine, which others may enter (the pods'
 * user must) and only its owner writes.
 */
public final class StateFolder {
    private StateFolder() {}

    /**
     * The folder {@code name} of this user's state, made when it is not there.
     *
     * @throws MissingRequirement when somebody else has taken its place
     */
    public static Path open(String name) {
        Path root = Path.of(
                System.getProperty("java.io.tmpdir"), "pgmosaic-" + Commands.output(java.util.List.of("id", "-u")));
        try {
            make(root);
            String owner = Files.getOwner(root, LinkOption.NOFOLLOW_LINKS).getName();
            if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
                    || !owner.equals(Files.getOwner(Path.of("/proc/self")).getName())) {
                throw new MissingRequirement(root + " belongs to " + owner + ": remove it");
            }
            Path folder = root.resolve(name);
            make(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the state folder below " + root, e);
        }
    }

    /** Removes a folder and what is in it, without following links. Others may be removing parts of it meanwhile. */
    public static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                    requireGone(problem);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException problem) throws IOException {
                    requireGone(problem);
                    Files.deleteIfExists(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    /** Of a part that could not be looked at: that it is not there any more is what was wanted. */
    private static void requireGone(@Nullable IOException problem) throws IOException {
        if (problem != null && !(problem instanceof NoSuchFileException)) {
            throw problem;
        }
    }

    private static void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
