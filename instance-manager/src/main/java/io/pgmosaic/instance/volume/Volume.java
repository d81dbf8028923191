package io.pgmosaic.instance.volume;

import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The layout of the data volume. */
public final class Volume {
    private final Path root;
    private final SealedFile<Promise> promise;
    private final SealedFile<InstanceIdentity> identity;
    private final SealedFile<Assignment> assignment;

    public Volume(Path root) {
        this.root = root;
        this.promise = new SealedFile<>(root.resolve("promise.json"), Promise.class);
        this.identity = new SealedFile<>(root.resolve("identity.json"), InstanceIdentity.class);
        this.assignment = new SealedFile<>(root.resolve("assignment.json"), Assignment.class);
    }

    public Path root() {
        return root;
    }

    /** PostgreSQL's data directory; under this name only when it is complete. */
    public Path data() {
        return root.resolve("pgdata");
    }

    /** Where initdb or a base backup works until it is complete. */
    public Path staging() {
        return root.resolve("pgdata.new");
    }

    public SealedFile<Promise> promise() {
        return promise;
    }

    public SealedFile<InstanceIdentity> identity() {
        return identity;
    }

    public SealedFile<Assignment> assignment() {
        return assignment;
    }

    /** Data that was given up, until it is deleted. */
    private Path discarded() {
        return root.resolve("pgdata.old");
    }

    /** Gives the data up, at once and whole, and deletes it then; nothing happens when there is none. */
    public void discardData() throws IOException {
        DurableFiles.deleteTree(discarded());
        if (Files.exists(data())) {
            DurableFiles.rename(data(), discarded());
            DurableFiles.deleteTree(discarded());
        }
    }

    /** Gives the finished staging directory its name. */
    public void adoptStaging() throws IOException {
        Files.deleteIfExists(data());
        DurableFiles.rename(staging(), data());
    }
}
