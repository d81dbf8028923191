package io.pgmosaic.instance.harness;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.PostgresConfiguration;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import static org.awaitility.Awaitility.await;

/**
 * A shard whose first instance is the primary of term 1 and whose second streams from it.
 *
 * @param system the identifier of its database
 */
public record ShardOfTwo(TestShard shard, TestManager first, TestManager second, String system)
        implements AutoCloseable {

    /** Starts it; the primary's manager hears of the standby's promises. */
    public static ShardOfTwo start() throws IOException {
        return start(follow -> follow);
    }

    /** The same, but the primary's manager hears nothing of the standby's, so it goes on when that has promised another term. */
    public static ShardOfTwo startUnheard() throws IOException {
        return start(TestManager::unheard);
    }

    private static ShardOfTwo start(UnaryOperator<InstanceCommand.Follow> follow) throws IOException {
        TestShard shard = new TestShard();
        try {
            TestManager first = shard.manager(0).start();
            TestManager second = shard.manager(1).start();
            first.make(first.bootstrap(1, configuration(1, first, second)));
            String system = Objects.requireNonNull(first.status().data().systemIdentifier());
            second.make(follow.apply(second.follow(1, first, system, configuration(1, first, second))));
            await().atMost(Duration.ofSeconds(40)).until(second::streams);
            return new ShardOfTwo(shard, first, second, system);
        } catch (IOException | RuntimeException | AssertionError e) {
            shard.close();
            throw e;
        }
    }

    /** With a slot for each, and clients; it fits both. */
    public PostgresConfiguration configuration() {
        return configuration(1);
    }

    /** The same with another sequence. */
    public PostgresConfiguration configuration(long sequence) {
        return configuration(sequence, first, second);
    }

    private static PostgresConfiguration configuration(long sequence, TestManager first, TestManager second) {
        return new PostgresConfiguration(sequence, Map.of(), "", List.of(first.slot(), second.slot()), true);
    }

    @Override
    public void close() throws IOException {
        shard.close();
    }
}
