package io.pgmosaic.local.bench.patroni;

import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.Commands;
import io.pgmosaic.local.platform.PostgresInstallation;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.platform.Spawner;
import io.pgmosaic.local.platform.StateFolder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where Patroni's processes run: as whom, in which folder, with which PostgreSQL. They end with this process. */
final class Machine implements AutoCloseable {
    private final Spawner spawner = new Spawner();
    private final Account account = Account.detect();
    private final PostgresInstallation postgres = PostgresInstallation.newest();
    private final Path folder;

    Machine(String name) {
        Commands.require("patroni", "patroni");
        Commands.require("etcd", "etcd-server");
        StateFolder.delete(StateFolder.open(name));
        folder = StateFolder.open(name);
    }

    Path postgresBin() {
        return postgres.bin();
    }

    int postgresVersion() {
        return postgres.version();
    }

    /** A folder that belongs to the processes' user. */
    Path newFolder(String name) {
        Path made = folder.resolve(name);
        try {
            Files.createDirectory(made);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + made, e);
        }
        account.own(made);
        return made;
    }

    /** Writes a file that the processes' user owns. */
    void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        account.own(file);
    }

    ProcessFamily start(List<String> command, Path in) {
        var environment = Map.of("PATH", postgres.bin() + ":/usr/bin:/bin", "HOME", in.toString(), "LANG", "C.UTF-8");
        try {
            return spawner.start(
                    new Spawner.Launch(command, environment, in, folder.resolve(in.getFileName() + ".log")), account);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /** Kills what still runs; the folder, with the logs, stays. */
    @Override
    public void close() {
        spawner.close();
    }

    /** Where the logs are. */
    Path folder() {
        return folder;
    }

    /** Removes what was written. To be called when it is closed. */
    void deleteFolder() {
        StateFolder.delete(folder);
    }
}
