package io.pgmosaic.router.topology;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;

import java.net.URI;

/**
 * How an operator is reached. Its certificate must be signed by {@code ca.crt} and name {@value #OPERATOR_NAME}, wherever the
 * URL points: an operator is reached by Service name, by pod address or on a loopback address, and is the same operator each
 * time.
 */
final class OperatorClient {
    static final String OPERATOR_NAME = "pgmosaic-operator-topology";

    private static final int CONNECT_MILLIS = 3_000;
    private static final int HTTPS_PORT = 443;

    private OperatorClient() {}

    static HttpClient create(Vertx vertx, RouterSecret secret) {
        return vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(secret.caPem())))
                .setConnectTimeout(CONNECT_MILLIS));
    }

    static RequestOptions request(HttpMethod method, URI url, String path, RouterSecret secret) {
        int port = url.getPort() == -1 ? HTTPS_PORT : url.getPort();
        return new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(port, bareHost(url)))
                .setHost(OPERATOR_NAME)
                .setPort(port)
                .setSsl(true)
                .setURI(path)
                .addHeader("Authorization", "Bearer " + secret.token());
    }

    private static String bareHost(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
