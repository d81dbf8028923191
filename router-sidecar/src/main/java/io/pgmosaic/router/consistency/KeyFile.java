package io.pgmosaic.router.consistency;

import io.pgmosaic.router.log.JsonLog;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys in the router's Secret, which the kubelet replaces when the operator changes them. What cannot be used is said in the
 * log once, and the keys before stay in use; a file that is gone takes its keys along. Thread-safe.
 */
public final class KeyFile {
    /** The file's name in the folder of the Secret. */
    public static final String NAME = "causal-keys";

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final JsonLog log;
    private final AtomicLong triedAt = new AtomicLong();
    private volatile @Nullable TokenKeys keys;
    private volatile String complaint = "";

    public KeyFile(Path directory, JsonLog log) {
        this.file = directory.resolve(NAME);
        this.log = log;
    }

    /** Null while there are none. */
    @Nullable
    TokenKeys keys() {
        return keys;
    }

    /**
     * Another secret that all routers of the cluster have, made of the key that signs; null while there is none. It does not tell
     * that key, and changes with it.
     */
    public byte @Nullable [] derived(String purpose) {
        TokenKeys present = keys;
        return present == null ? null : present.derived(purpose);
    }

    /** Reads the file. Called now and then, since nobody tells when it was replaced. */
    public void read() {
        try {
            keys = TokenKeys.parse(Files.readString(file));
            complaint = "";
        } catch (NoSuchFileException none) {
            keys = null;
            complain("there are no keys of causal tokens, so reads cannot be asked for by token", none);
        } catch (IOException | IllegalArgumentException e) {
            complain("the keys of causal tokens cannot be used", e);
        }
    }

    /**
     * Reads the file for a token of a key that is not known, but not more often than once a second, since anybody can show
     * such tokens.
     */
    void readAgain(long now) {
        long last = triedAt.get();
        if ((last == 0 || now - last >= PAUSE) && triedAt.compareAndSet(last, now)) {
            read();
        }
    }

    private void complain(String what, Exception cause) {
        String text = String.valueOf(cause.getMessage());
        if (!complaint.equals(text)) {
            complaint = text;
            log.warn(what, Map.of("file", file, "cause", text));
        }
    }
}
