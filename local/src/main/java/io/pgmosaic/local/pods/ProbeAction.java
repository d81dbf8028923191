package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.pgmosaic.local.platform.ProcessFamily;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One try of a probe. */
final class ProbeAction {
    private final Sandbox sandbox;
    private final Container container;
    private final Image image;

    ProbeAction(Sandbox sandbox, Container container, Image image) {
        this.sandbox = sandbox;
        this.container = container;
        this.image = image;
    }

    /** Why the probe fails now; empty when it succeeds. */
    Optional<String> failure(Probe probe) throws InterruptedException {
        Duration timeout = Duration.ofSeconds(
                Optional.ofNullable(probe.getTimeoutSeconds()).orElse(1));
        try {
            if (probe.getHttpGet() != null) {
                return http(probe, timeout);
            }
            if (probe.getTcpSocket() != null) {
                return tcp(probe, timeout);
            }
            if (probe.getExec() != null) {
                return exec(probe.getExec().getCommand(), timeout);
            }
            return Optional.of("this kind of probe is not supported");
        } catch (IOException | MissingReference | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> http(Probe probe, Duration timeout) throws IOException {
        var get = probe.getHttpGet();
        if ("HTTPS".equals(get.getScheme())) {
            return Optional.of("HTTPS probes are not supported");
        }
        String host = Optional.ofNullable(get.getHost()).orElse(sandbox.address());
        String path = Optional.ofNullable(get.getPath()).orElse("/");
        var connection = (HttpURLConnection) URI.create("http://" + host + ":" + port(get.getPort()) + path)
                .toURL()
                .openConnection();
        try {
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            int code = connection.getResponseCode();
            return code >= 200 && code < 400
                    ? Optional.empty()
                    : Optional.of("HTTP probe failed with statuscode: " + code);
        } finally {
            connection.disconnect();
        }
    }

    private Optional<String> tcp(Probe probe, Duration timeout) throws IOException {
        String host = Optional.ofNullable(probe.getTcpSocket().getHost()).orElse(sandbox.address());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port(probe.getTcpSocket().getPort())), (int) timeout.toMillis());
            return Optional.empty();
        }
    }

    private Optional<String> exec(List<String> command, Duration timeout)
            throws IOException, MissingReference, InterruptedException {
        ProcessFamily process = sandbox.spawner().start(sandbox.launch(container, image, command), sandbox.account());
        try {
            int code = process.exit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return code == 0 ? Optional.empty() : Optional.of("command ended with exit code " + code);
        } catch (TimeoutException e) {
            return Optional.of("command timed out after " + timeout.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for the command", e);
        } finally {
            process.stop(Duration.ZERO);
        }
    }

    private int port(IntOrString port) {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(candidate -> port.getStrVal().equals(candidate.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no port named " + port.getStrVal()));
    }
}
