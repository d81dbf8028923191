package io.pgmosaic.instance.harness;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Refusal;
import io.pgmosaic.protocol.instance.Upstream;
import io.pgmosaic.protocol.tls.TlsContexts;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One pod's volume, environment and process, and the operator's client to it. */
public final class TestManager {
    public static final int PORT = 5432;
    private final TestShard shard;
    private final InstanceIdentity identity;
    private final String address;
    private final Path home;
    private final Path volume;
    private final HttpClient client;
    private final PodProcesses processes;

    TestManager(TestShard shard, InstanceIdentity identity, String address) throws IOException {
        this.shard = shard;
        this.identity = identity;
        this.address = address;
        Sandbox sandbox = shard.sandbox();
        String name = identity.instance() + "-" + address;
        this.home = sandbox.directory(name);
        this.volume = sandbox.directory(name + "/volume");
        this.processes = new PodProcesses(shard, identity, address, home, volume);
        for (String directory : List.of("tls", "credentials", "run")) {
            sandbox.directory(name + "/" + directory);
        }
        writeCertificates(shard.authority());
        for (String password : List.of("superuser-password", "manager-password", "replication-password")) {
            sandbox.write(home.resolve("credentials").resolve(password), TestShard.PASSWORD + "\n");
        }
        this.client = client(shard.authority().client("O=pgmosaic,CN=operator"), shard.authority());
    }

    /** Writes new server certificates, as a renewed Secret would. */
    public void writeCertificates(TestAuthority authority) throws IOException {
        TestAuthority.Issued issued = authority.server(List.of(TestShard.HOST), List.of(address));
        Path tls = home.resolve("tls");
        shard.sandbox().write(tls.resolve("ca.crt"), authority.certificate());
        shard.sandbox().write(tls.resolve("tls.crt"), issued.certificate());
        shard.sandbox().write(tls.resolve("tls.key"), issued.key());
    }

    public InstanceIdentity identity() {
        return identity;
    }

    public String address() {
        return address;
    }

    public Path volume() {
        return volume;
    }

    public Path data() {
        return volume.resolve("pgdata");
    }

    public Path log() {
        return home.resolve("log");
    }

    public Map<String, String> extraEnvironment() {
        return processes.extraEnvironment;
    }

    /** A command that runs the launcher as its last arguments; empty unless a test fills it. */
    public List<String> wrapper() {
        return processes.wrapper;
    }

    public Process process() {
        return processes.process();
    }

    public Upstream asUpstream() {
        return new Upstream(identity.instance(), TestShard.HOST, address, PORT, 8443);
    }

    /** Starts the process and waits until it answers. */
    public TestManager start() throws IOException {
        launch();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process().isAlive()) {
                        throw new IllegalStateException("the manager ended: " + Files.readString(log()));
                    }
                    return reachable();
                });
        return this;
    }

    /** Starts the process. */
    public void launch() throws IOException {
        processes.launch();
    }

    public Map<String, String> environment() {
        return processes.environment();
    }

    /** Process ids of PostgreSQL's programs that work in this volume. */
    public List<Long> postgresProcesses() throws IOException {
        return processes.postgresProcesses();
    }

    /** SIGKILL to the manager and to everything that works in its volume, as the end of a node would. */
    public void killEverything() throws IOException {
        processes.killEverything();
    }

    /** SIGTERM; gives back the exit code. */
    public int terminate() throws InterruptedException {
        return processes.terminate();
    }

    private boolean reachable() throws InterruptedException {
        try {
            return get(client).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    public HttpResponse<byte[]> get(HttpClient someClient) throws IOException, InterruptedException {
        return get(someClient, "/v1/status");
    }

    /** The operator's client. */
    public HttpClient operator() {
        return client;
    }

    /** @param path with its query */
    public HttpResponse<byte[]> get(HttpClient someClient, String path) throws IOException, InterruptedException {
        return someClient.send(
                HttpRequest.newBuilder(URI.create("https://" + address + ":8443" + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The status, with the query of a caller's own. */
    public InstanceStatus status(String query) {
        try {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(URI.create("https://" + address + ":8443/v1/status?" + query))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            return Json.read(response.body(), InstanceStatus.class);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("no status of " + identity.instance(), e);
        }
    }

    /** A heartbeat by a client of the caller's own. */
    public HttpResponse<byte[]> heartbeat(HttpClient someClient, Heartbeat heartbeat)
            throws IOException, InterruptedException {
        return someClient.send(
                HttpRequest.newBuilder(URI.create("https://" + address + ":8443/v1/heartbeat"))
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(heartbeat)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    public HttpResponse<String> health(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + address + ":8008" + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    public InstanceStatus status() {
        try {
            HttpResponse<byte[]> response = get(client);
            assertThat(response.statusCode()).isEqualTo(200);
            return Json.read(response.body(), InstanceStatus.class);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("no status of " + identity.instance(), e);
        }
    }

    public HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://" + address + ":8443" + path))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** As the operator does: an instance without a promise is given its challenge back. */
    public HttpResponse<byte[]> send(InstanceCommand command) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = sendOnce(command, null);
        if (response.statusCode() != 409) {
            return response;
        }
        String challenge = Json.read(response.body(), Refusal.class).challenge();
        return challenge == null ? response : sendOnce(command, challenge);
    }

    /** @param challenge null for none */
    public HttpResponse<byte[]> sendOnce(InstanceCommand command, @Nullable String challenge)
            throws IOException, InterruptedException {
        return post(
                "/v1/" + command.path() + (challenge == null ? "" : "?challenge=" + challenge), Json.write(command));
    }

    public Refusal refused(InstanceCommand command) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(command);
        assertThat(response.statusCode())
                .describedAs(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(409);
        return Json.read(response.body(), Refusal.class);
    }

    /** Sends the command again and again, as the operator does, until its effect is there. */
    public void make(InstanceCommand command) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    HttpResponse<byte[]> response = send(command);
                    String body = new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
                    if (response.statusCode() > 202 || body.contains("\"FAILED\"")) {
                        throw new IllegalStateException(command.path() + ": " + response.statusCode() + " " + body);
                    }
                    return response.statusCode() == 200;
                });
    }

    public InstanceStatus awaitStatus(Predicate<InstanceStatus> condition) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(this::status, condition);
    }

    public InstanceCommand.Bootstrap bootstrap(long term, PostgresConfiguration configuration) {
        return new InstanceCommand.Bootstrap(identity, term, configuration);
    }

    public InstanceCommand.Follow follow(
            long term, TestManager upstream, String systemIdentifier, PostgresConfiguration configuration) {
        return new InstanceCommand.Follow(
                identity, term, upstream.asUpstream(), slot(), systemIdentifier, false, configuration);
    }

    /** The same, but the upstream's manager hears nothing from this one, so it learns of no promise. */
    public static InstanceCommand.Follow unheard(InstanceCommand.Follow follow) {
        Upstream upstream = follow.upstream();
        return new InstanceCommand.Follow(
                follow.target(),
                follow.term(),
                new Upstream(upstream.instance(), upstream.host(), upstream.address(), upstream.port(), 9),
                follow.slot(),
                follow.systemIdentifier(),
                follow.replaceData(),
                follow.configuration());
    }

    public InstanceCommand.Follow replace(
            long term, TestManager upstream, String systemIdentifier, PostgresConfiguration configuration) {
        return new InstanceCommand.Follow(
                identity, term, upstream.asUpstream(), slot(), systemIdentifier, true, configuration);
    }

    public InstanceCommand.Revoke revoke(long term, boolean orderly) {
        return new InstanceCommand.Revoke(identity, term, orderly);
    }

    public InstanceCommand.Promote promote(long term, PostgresConfiguration configuration) {
        return new InstanceCommand.Promote(
                identity, term, java.util.Objects.requireNonNull(status().data().systemIdentifier()), configuration);
    }

    /** Opens the server that runs now. */
    public void open(long term) {
        make(new InstanceCommand.Open(
                identity,
                term,
                java.util.Objects.requireNonNull(status().postgres().startedAt())));
    }

    /** Runs a statement as the superuser. */
    public void sql(String sql) throws SQLException {
        try (Connection connection = connect("postgres", "verify-ca");
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row, asked as the superuser. */
    public String show(String sql) throws SQLException {
        try (Connection connection = connect("postgres", "verify-ca");
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    public boolean streams() {
        var receiver = status().postgres().receiver();
        return receiver != null && receiver.streaming();
    }

    public InstanceCommand.Configure configure(long term, PostgresConfiguration configuration) {
        return new InstanceCommand.Configure(identity, term, configuration);
    }

    public String slot() {
        return "mosaic_" + identity.instance().replace('-', '_');
    }

    public Connection connect(String user, String sslMode) throws SQLException {
        return connect("postgres", user, sslMode);
    }

    public Connection connect(String database, String user, String sslMode) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", TestShard.PASSWORD);
        properties.setProperty("sslmode", sslMode);
        properties.setProperty("sslrootcert", home.resolve("tls/ca.crt").toString());
        properties.setProperty("PGDBNAME", database);
        properties.setProperty("PGHOST", address);
        properties.setProperty("PGPORT", Integer.toString(PORT));
        return DriverManager.getConnection("jdbc:postgresql://", properties);
    }

    public static HttpClient client(TestAuthority.@Nullable Issued identity, TestAuthority trusted) {
        try {
            return HttpClient.newBuilder()
                    .sslContext(TlsContexts.of(
                            identity == null ? null : identity.certificate(),
                            identity == null ? null : identity.key(),
                            trusted.certificate()))
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
