package io.pgmosaic.local.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Which processes belong to one that was started as the leader of its own session: everything in that session or process
 * group, everything that inherited its mark in the environment, and all of their descendants. None of these is enough
 * alone: a daemon leaves the session, PostgreSQL writes over its environment, an orphan has no parent.
 */
final class Processes {
    private record Entry(long pid, long parent, long group, long session) {}

    /** Name of the variable that marks a family. */
    static final String MARK = "PGMOSAIC_LOCAL_FAMILY";

    private Processes() {}

    /** Every living process of this machine. Zombies do not count. */
    static Set<Long> alive() {
        return read().stream().map(Entry::pid).collect(Collectors.toSet());
    }

    /** The living members of the leader's family, itself included. */
    static Set<Long> family(long leader, String mark) {
        List<Entry> all = read();
        Map<Long, List<Long>> children = new HashMap<>();
        Set<Long> family = new HashSet<>();
        List<Long> open = new ArrayList<>();
        for (Entry entry : all) {
            children.computeIfAbsent(entry.parent(), parent -> new ArrayList<>())
                    .add(entry.pid());
            if (entry.pid() == leader
                    || entry.group() == leader
                    || entry.session() == leader
                    || isMarked(entry.pid(), mark)) {
                open.add(entry.pid());
            }
        }
        while (!open.isEmpty()) {
            long pid = open.removeLast();
            if (family.add(pid)) {
                open.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return family;
    }

    private static boolean isMarked(long pid, String mark) {
        try {
            String environment = Files.readString(Path.of("/proc", Long.toString(pid), "environ"), ISO_8859_1);
            return (environment + "\0").contains(mark + "\0");
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    private static List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path folder : folders) {
                parse(folder).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the machine's processes", e);
        }
        return entries;
    }

    /** {@code pid (name) state parent group session ...}; the name may hold anything, so what follows its end counts. */
    private static Optional<Entry> parse(Path folder) throws IOException {
        String stat;
        try {
            stat = new String(Files.readAllBytes(folder.resolve("stat")), ISO_8859_1);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.exists(folder)) {
                throw e;
            }
            return Optional.empty(); // a process that ends while it is read gives "no such process"
        }
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        if (fields.getFirst().equals("Z") || fields.getFirst().equals("X")) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                Long.parseLong(folder.getFileName().toString()),
                Long.parseLong(fields.get(1)),
                Long.parseLong(fields.get(2)),
                Long.parseLong(fields.get(3))));
    }
}
