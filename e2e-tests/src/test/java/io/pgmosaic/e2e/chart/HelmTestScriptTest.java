package io.pgmosaic.e2e.chart;

import com.sun.net.httpserver.HttpServer;
import io.pgmosaic.e2e.chart.Helm.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The script in the pod of {@code helm test}, against servers that are what it asks for, and that are not. */
class HelmTestScriptTest {
    private int health = 200;
    private HttpServer operator;
    private ServerSocket topology;

    @BeforeEach
    void listen() throws IOException {
        operator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        operator.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(health, -1);
            exchange.close();
        });
        operator.start();
        topology = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        operator.stop(0);
        topology.close();
    }

    @Test
    void findsAnOperatorThatServes() {
        Outcome outcome = run();
        assertThat(outcome.code()).as(outcome.complaints()).isZero();
        assertThat(outcome.output()).contains("is ready");
    }

    @Test
    void findsAnOperatorThatIsNotReady() {
        health = 503;
        Outcome outcome = run();
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.complaints()).contains("503", "kubectl describe pods");
    }

    @Test
    void findsAnOperatorThatServesNoTopology() throws IOException {
        topology.close();
        assertThat(run().code()).isEqualTo(1);
    }

    @Test
    void findsThatThereIsNoOperator() {
        operator.stop(0);
        assertThat(run().code()).isEqualTo(1);
    }

    /** The rendered script, with the addresses of these servers instead of the Services'. */
    private Outcome run() {
        String script =
                Helm.render().only("Pod").at("/spec/containers/0/args/0").asText();
        assertThat(script).contains("METRICS", "TOPOLOGY", "ATTEMPTS");
        return Helm.run(List.of(
                "env",
                "METRICS=127.0.0.1/" + operator.getAddress().getPort(),
                "TOPOLOGY=127.0.0.1/" + topology.getLocalPort(),
                "ATTEMPTS=1",
                "bash",
                "-c",
                script));
    }
}
