package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.client.topology.RouterConnection;
import io.pgmosaic.client.topology.RouterProblemException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** What the router has said of migrations, as long as that may be relied on. Thread-safe. */
final class SchemaKeeper {
    /**
     * What may still be taken back is relied on for this long. An operator waits for 30 s before it undoes what was told, and a router
     * says it for 10 s of them.
     */
    static final Duration RELIABLE = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(SchemaKeeper.class.getName());
    private static final int NOT_FOUND = 404;

    private final RouterConnection router;
    private final long intervalNanos;
    private final LongSupplier nanos;
    private final Map<Question, Answers> all = new ConcurrentHashMap<>();
    private volatile boolean failing;

    /** @param nanos a clock as {@link System#nanoTime} is */
    SchemaKeeper(RouterConnection router, Duration interval, LongSupplier nanos) {
        this.router = router;
        this.intervalNanos = interval.toNanos();
        this.nanos = nanos;
    }

    record Stage(boolean expanded, boolean filled, boolean complete) {
        static final Stage NONE = new Stage(false, false, false);

        static Stage of(JsonNode node) {
            return new Stage(
                    node.path("expanded").asBoolean(),
                    node.path("filled").asBoolean(),
                    node.path("complete").asBoolean());
        }
    }

    /** @param settled whether nothing that is true will be false again */
    record Stages(Stage all, Map<String, Stage> shards, boolean settled) {
        static final Stages NONE = new Stages(Stage.NONE, Map.of(), false);

        Stage of(@Nullable String shard) {
            return shard == null ? all : shards.getOrDefault(shard, Stage.NONE);
        }

        static Stages of(JsonNode body) {
            Map<String, Stage> shards = new HashMap<>();
            body.path("shards").forEach(node -> shards.put(node.path("shard").asText(), Stage.of(node)));
            return new Stages(Stage.of(body), shards, body.path("settled").asBoolean());
        }
    }

    private record Question(String table, String migration) {}

    Stages stages(String table, String migration) {
        return all.computeIfAbsent(new Question(table, migration), Answers::new).present();
    }

    /** What was said to one question. */
    private final class Answers {
        private final Question question;
        private final ReentrantLock asking = new ReentrantLock();
        private long askedAt = nanos.getAsLong() - intervalNanos;
        private volatile boolean isAsked;
        private volatile @Nullable Said said;

        Answers(Question question) {
            this.question = question;
        }

        /** @param at before the router was asked */
        private record Said(Stages stages, long at) {}

        Stages present() {
            // Who knows something does not wait for an answer that is on its way to another.
            if (!isAsked) {
                asking.lock();
            }
            if (asking.isHeldByCurrentThread() || asking.tryLock()) {
                try {
                    refresh();
                } finally {
                    asking.unlock();
                }
            }
            Said last = said;
            boolean isReliable =
                    last != null && (last.stages().settled() || nanos.getAsLong() - last.at() <= RELIABLE.toNanos());
            return last != null && isReliable ? last.stages() : Stages.NONE;
        }

        private void refresh() {
            Said last = said;
            boolean isFinal = last != null
                    && last.stages().settled()
                    && last.stages().all().complete();
            long now = nanos.getAsLong();
            if (isFinal || now - askedAt < intervalNanos) {
                return;
            }
            askedAt = now;
            try {
                said = new Said(ask(question), now);
                failing = false;
            } catch (IOException e) {
                if (!failing) {
                    failing = true;
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "the router does not tell how far migrations are, so statements for the old schema are chosen"
                                    + " unless it had said what is settled: " + e.getMessage());
                }
            } finally {
                isAsked = true;
            }
        }
    }

    private Stages ask(Question question) throws IOException {
        try {
            return Stages.of(router.get(
                    "/v1/schema?table=" + encoded(question.table()) + "&migration=" + encoded(question.migration()),
                    null));
        } catch (RouterProblemException e) {
            if (e.status() == NOT_FOUND) {
                // A table that a migration will make, or a router of an earlier version.
                return Stages.NONE;
            }
            throw e;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
