package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Upstream;
import io.pgmosaic.protocol.instance.UpstreamContact;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Each beat is made by the test. */
final class HeartbeatSenderTest {
    private static final InstanceIdentity SELF = new InstanceIdentity("shop", "orders", "uid", "s0", "orders-s0-1");
    private static final Upstream UPSTREAM = new Upstream("orders-s0-0", "orders-s0.shop.svc", "10.0.0.1", 5432, 8443);
    private static final Upstream OTHER = new Upstream("orders-s0-2", "orders-s0.shop.svc", "10.0.0.2", 5432, 8443);
    private static final PostgresConfiguration NOTHING = new PostgresConfiguration(1, Map.of(), "", List.of(), false);
    private static final long HALF_A_SECOND = TimeUnit.MILLISECONDS.toNanos(500);

    private final List<String> sent = new ArrayList<>();
    private final Deque<Object> answers = new ArrayDeque<>();
    private StoredState stored = following(UPSTREAM, 4, 4);
    private long millis;
    private int changes;
    private final HeartbeatSender sender = new HeartbeatSender(
            SELF, () -> stored, this::answer, () -> TimeUnit.MILLISECONDS.toNanos(millis), () -> changes++);

    private static StoredState following(Upstream upstream, long term, long promised) {
        return new StoredState(promised, SELF, Assignment.standby(term, upstream, "slot", NOTHING));
    }

    private Heartbeat.Answer answer(Upstream upstream, Heartbeat heartbeat) throws IOException {
        sent.add(upstream.instance() + " " + heartbeat.promisedTerm() + " " + heartbeat.token());
        assertThat(heartbeat.from()).isEqualTo(SELF);
        return switch (Objects.requireNonNull(answers.poll())) {
            case Heartbeat.Answer answer -> answer;
            case IOException failure -> throw failure;
            case Object other -> throw new AssertionError(other);
        };
    }

    @Test
    void handsBackTheTokenOfTheLastAnswer() throws Exception {
        answers.add(new Heartbeat.Answer(4, 4, 71));
        assertThat(sender.beat()).isEqualTo(HALF_A_SECOND);
        answers.add(new IOException("lost"));
        sender.beat();
        answers.add(new Heartbeat.Answer(4, 4, 72));
        sender.beat();
        answers.add(new Heartbeat.Answer(4, 4, 73));
        sender.beat();
        assertThat(sent)
                .containsExactly("orders-s0-0 4 null", "orders-s0-0 4 71", "orders-s0-0 4 71", "orders-s0-0 4 72");
    }

    @Test
    void countsTheSilenceFromTheLastAnswerOfThePrimaryOfItsTerm() throws Exception {
        assertThat(sender.upstream()).isNull();
        answers.add(new Heartbeat.Answer(4, 0, 71));
        sender.beat();
        assertThat(sender.upstream()).isEqualTo(new UpstreamContact("orders-s0-0", null, false));
        answers.add(new Heartbeat.Answer(4, 4, 72));
        sender.beat();
        millis = 300;
        assertThat(sender.upstream()).isEqualTo(new UpstreamContact("orders-s0-0", 300L, false));
        answers.add(new Heartbeat.Answer(5, 5, 73));
        sender.beat();
        millis = 900;
        assertThat(sender.upstream()).isEqualTo(new UpstreamContact("orders-s0-0", 900L, false));
        answers.add(new ConnectException("Connection refused"));
        assertThat(sender.beat()).isLessThan(HALF_A_SECOND);
        assertThat(sender.upstream()).isEqualTo(new UpstreamContact("orders-s0-0", 900L, true));
        answers.add(new IOException("timed out"));
        assertThat(sender.beat()).isEqualTo(HALF_A_SECOND);
        assertThat(sender.upstream()).isEqualTo(new UpstreamContact("orders-s0-0", 900L, false));
    }

    @Test
    void tellsOfChangesOnly() throws Exception {
        for (Object answer : List.of(
                new Heartbeat.Answer(4, 4, 1),
                new Heartbeat.Answer(4, 4, 2),
                new ConnectException("refused"),
                new ConnectException("refused"),
                new Heartbeat.Answer(4, 4, 3))) {
            answers.add(answer);
            sender.beat();
        }
        assertThat(changes).isEqualTo(3);
    }

    @Test
    void forgetsWhomItFollowedBefore() throws Exception {
        answers.add(new Heartbeat.Answer(4, 4, 71));
        sender.beat();
        stored = following(OTHER, 5, 5);
        answers.add(new IOException("not yet"));
        answers.add(new IOException("gone"));
        sender.beat();
        assertThat(sent).endsWith("orders-s0-2 5 null", "orders-s0-0 5 null");
        assertThat(sender.upstream()).isEqualTo(new UpstreamContact("orders-s0-2", null, false));
    }

    @Test
    void saysOnceThatItHasPromisedMore() throws Exception {
        answers.add(new Heartbeat.Answer(4, 4, 71));
        sender.beat();
        stored = following(UPSTREAM, 4, 5);
        answers.add(new Heartbeat.Answer(4, 0, 72));
        sender.beat();
        sender.beat();
        assertThat(sent).containsExactly("orders-s0-0 4 null", "orders-s0-0 5 null");
        assertThat(sender.upstream()).isNull();
    }

    @Test
    void sendsNothingUnlessItFollows() throws Exception {
        for (StoredState other : List.of(
                new StoredState(0, null, null),
                new StoredState(4, SELF, Assignment.primary(4, NOTHING)),
                following(UPSTREAM, 4, 5),
                new StoredState(
                        4,
                        SELF,
                        Assignment.standby(4, UPSTREAM, "slot", NOTHING).withStopped(true)))) {
            stored = other;
            sender.beat();
        }
        assertThat(sent).isEmpty();
    }
}
