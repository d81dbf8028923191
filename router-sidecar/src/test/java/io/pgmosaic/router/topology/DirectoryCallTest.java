package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.protocol.topology.DirectoryResult.Outcome;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.FakeOperator.ChangeAnswer;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.vertx.core.Vertx;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A change that was done must not be sent again: somebody else may have asked for another one in between. */
class DirectoryCallTest {
    private static final DirectoryChange CHANGE = new DirectoryChange(
            "orders", DirectoryChange.Action.ASSIGN, List.of(new DirectoryChange.Entry(List.of("1"), "s1")));
    private static final DirectoryResult DONE =
            new DirectoryResult(List.of(new DirectoryResult.Item(Outcome.DONE, null)));

    @TempDir
    private Path folder;

    private Vertx vertx;
    private List<FakeOperator> operators;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        TestAuthority authority = new TestAuthority();
        operators = IntStream.range(0, 2)
                .mapToObj(i -> new FakeOperator(
                        authority.serverContext("pgmosaic-operator-topology"),
                        RunningRouter.TOKEN,
                        Topologies.NAMESPACE,
                        Topologies.CLUSTER))
                .toList();
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
    }

    @AfterEach
    void end() {
        operators.forEach(FakeOperator::close);
        vertx.close().await();
    }

    private DirectoryResult change(DirectoryChange change, URI... urls) {
        StreamSettings settings = new StreamSettings(
                Topologies.NAMESPACE,
                Topologies.CLUSTER,
                List.of(urls),
                folder.resolve("secret"),
                Duration.ofSeconds(10));
        return new DirectoryCall(vertx, settings)
                .change(change)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private DirectoryResult changeByBoth() {
        return change(CHANGE, operators.get(0).url(), operators.get(1).url());
    }

    private static DirectoryCall.RefusedException refused(ThrowingCallable call) {
        Throwable failure = catchThrowableOfType(CompletionException.class, call);
        assertThat(failure).hasCauseInstanceOf(DirectoryCall.RefusedException.class);
        return (DirectoryCall.RefusedException) Objects.requireNonNull(failure.getCause());
    }

    private long asked() {
        return operators.stream()
                .mapToLong(operator -> operator.changes().size())
                .sum();
    }

    private void all(ChangeAnswer answer) {
        operators.forEach(operator -> operator.answerChanges(answer));
    }

    private static URI nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("https://127.0.0.1:" + closed.getLocalPort());
        }
    }

    @Test
    void goesOnWhereNobodyListens() throws IOException {
        all(new ChangeAnswer(200, null, DONE));
        assertThat(change(CHANGE, nobody(), operators.get(0).url())).isEqualTo(DONE);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void goesOnWhereNothingWasDone() {
        all(new ChangeAnswer(503, 1, Map.of("detail", "too many")));
        DirectoryCall.RefusedException refused = refused(this::changeByBoth);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.getMessage()).contains("nothing was changed", "too many");
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void doesNotAskAnotherWhenTheConnectionBreaks() {
        DirectoryResult result = changeByBoth();
        assertThat(result.results()).singleElement().satisfies(item -> {
            assertThat(item.outcome()).isEqualTo(Outcome.PENDING);
            assertThat(item.detail()).contains("it may have been done; ask with GET");
        });
        assertThat(asked()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void doesNotAskAnotherWhenOneFailedInTheMiddle(int status) {
        all(new ChangeAnswer(status, null, Map.of("detail", "its log says why")));
        assertThat(changeByBoth().results())
                .extracting(DirectoryResult.Item::outcome)
                .containsExactly(Outcome.PENDING);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void doesNotBelieveAnAnswerToSomethingElse() {
        all(new ChangeAnswer(200, null, new DirectoryResult(List.of())));
        assertThat(changeByBoth().results())
                .extracting(DirectoryResult.Item::outcome)
                .containsExactly(Outcome.PENDING);
        all(new ChangeAnswer(200, null, List.of("not", "ours")));
        assertThat(changeByBoth().results())
                .extracting(DirectoryResult.Item::outcome)
                .containsExactly(Outcome.PENDING);
    }

    @Test
    void passesARefusalOn() {
        all(new ChangeAnswer(409, null, Map.of("detail", "no directory")));
        DirectoryCall.RefusedException refused = refused(this::changeByBoth);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused).hasMessage("no directory");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void sendsNothingThatIsTooLong() {
        DirectoryChange.Entry entry = new DirectoryChange.Entry(List.of("x".repeat(600_000)), "s1");
        DirectoryChange two = new DirectoryChange("orders", DirectoryChange.Action.ASSIGN, List.of(entry, entry));
        assertThat(refused(() -> change(two, operators.getFirst().url())).status())
                .isEqualTo(413);
        assertThat(asked()).isZero();
    }
}
