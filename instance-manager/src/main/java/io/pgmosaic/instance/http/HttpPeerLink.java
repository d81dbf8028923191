package io.pgmosaic.instance.http;

import io.pgmosaic.instance.lease.PeerLink;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;

/**
 * To other managers of the shard, with the instance's own certificate, over one connection that is kept. The JDK's plain
 * client, since the other one costs threads and memory that the pod's PostgreSQL wants.
 */
public final class HttpPeerLink implements PeerLink {
    private static final int TIMEOUT_MILLIS = 1000;
    private static final int LONGEST_ANSWER = 4096;

    private final ReloadingTls tls;
    private final String service;
    private @Nullable Upstream known;
    private @Nullable SSLSocketFactory sockets;

    public HttpPeerLink(ReloadingTls tls, InstanceIdentity identity) {
        this.tls = tls;
        this.service = ShardCertificate.service(identity);
    }

    @Override
    public Heartbeat.Answer send(Upstream upstream, Heartbeat heartbeat) throws IOException {
        HttpsURLConnection connection = open(upstream);
        byte[] body = Json.write(heartbeat);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            connection.disconnect();
            throw e;
        }
        int status = connection.getResponseCode();
        if (status != 200) {
            connection.disconnect();
            throw new IOException(upstream.instance() + " answered " + status + " to a heartbeat");
        }
        try (InputStream in = connection.getInputStream()) {
            return Json.read(in.readNBytes(LONGEST_ANSWER), Heartbeat.Answer.class);
        }
    }

    private HttpsURLConnection open(Upstream upstream) throws IOException {
        String host = upstream.address().contains(":") ? "[" + upstream.address() + "]" : upstream.address();
        HttpsURLConnection connection;
        try {
            connection =
                    (HttpsURLConnection) new URI("https://" + host + ":" + upstream.managerPort() + "/v1/heartbeat")
                            .toURL()
                            .openConnection();
        } catch (URISyntaxException e) {
            throw new IOException("the upstream's address cannot be used", e);
        }
        connection.setSSLSocketFactory(sockets(upstream));
        // The trust manager has checked whose certificate it is; the address that was dialled is in none.
        connection.setHostnameVerifier((address, session) -> true);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setUseCaches(false);
        return connection;
    }

    /** Kept while the upstream stays, since connections are kept with it; new for another, so that no session is resumed. */
    private synchronized SSLSocketFactory sockets(Upstream upstream) throws IOException {
        SSLSocketFactory current = sockets;
        if (current == null || !upstream.equals(known)) {
            try {
                current = tls.client(service).getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IOException("no connection to a peer can be made", e);
            }
            sockets = current;
            known = upstream;
        }
        return current;
    }
}
