package io.pgmosaic.local.pods;

import io.pgmosaic.local.platform.Account;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of files that all change at one moment, as a kubelet writes Secrets and ConfigMaps: each file is a link into
 * {@code ..data}, which is a link to the current generation and is replaced by a rename.
 */
final class AtomicFiles {
    private static final String DATA = "..data";

    private final Path folder;
    private final Account account;
    private final boolean groupReads;
    private Map<String, byte[]> written = Map.of();
    private int generation;

    AtomicFiles(Path folder, Account account, boolean groupReads) {
        this.folder = folder;
        this.account = account;
        this.groupReads = groupReads;
    }

    /**
     * Writes the files, unless they are the same as last time.
     *
     * @param files relative path to content
     * @param mode permission bits, such as 0644
     */
    void write(Map<String, byte[]> files, int mode) throws IOException {
        if (generation > 0 && same(files)) {
            return;
        }
        generation++;
        Files.createDirectories(folder);
        Path next = folder.resolve("..generation-" + generation);
        deleteTree(next);
        Files.createDirectory(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = next.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            Files.setPosixFilePermissions(path, permissions(modeOf(path, mode)));
        }
        Path link = folder.resolve(DATA + "-next");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        link(files.keySet());
        deleteTree(folder.resolve("..generation-" + (generation - 1)));
        written = Map.copyOf(files);
    }

    /**
     * Where pods have a user of their own, files stay ours and their group may read them, as with an fsGroup. Where pods
     * run as ourselves, the group has no business with them: PostgreSQL refuses a key of its own that others may read.
     */
    private int modeOf(Path path, int mode) {
        if (!account.isOther()) {
            return mode & 0700;
        }
        account.ownByGroup(path);
        return groupReads ? mode | 0440 : mode;
    }

    private void link(Set<String> names) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith("..")
                        && names.stream().noneMatch(file -> Path.of(file).startsWith(name))) {
                    Files.delete(entry);
                }
            }
        }
        for (String name : names) {
            Path first = Path.of(name).getName(0);
            if (!Files.isSymbolicLink(folder.resolve(first))) {
                Files.createSymbolicLink(folder.resolve(first), Path.of(DATA).resolve(first));
            }
        }
    }

    private boolean same(Map<String, byte[]> files) {
        return written.keySet().equals(files.keySet())
                && files.entrySet().stream()
                        .allMatch(file -> Arrays.equals(file.getValue(), written.get(file.getKey())));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // OWNER_READ first, OTHERS_EXECUTE last
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    /** Removes a folder and what is in it, without following links; nothing happens when it is not there. */
    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
