package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.tls.TlsContexts;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Properties;

/**
 * TLS to a server that is reached by its address and whose certificate is checked against its name, which the JDBC driver
 * cannot tell apart by itself. The driver makes it from its {@code sslfactory} property.
 */
public final class UpstreamTls extends SSLSocketFactory {
    private final SSLSocketFactory factory;
    private final String host;

    /** @param properties of the connection: {@code sslrootcert}, and {@code sslfactoryarg}, which is the server's name */
    public UpstreamTls(Properties properties) throws IOException, GeneralSecurityException {
        String authority = Files.readString(Path.of(properties.getProperty("sslrootcert")));
        this.factory = TlsContexts.of(null, null, authority).getSocketFactory();
        this.host = properties.getProperty("sslfactoryarg");
    }

    @Override
    public Socket createSocket(Socket socket, String address, int port, boolean autoClose) throws IOException {
        Socket secured = factory.createSocket(socket, host, port, autoClose);
        if (secured instanceof SSLSocket ssl) {
            SSLParameters parameters = ssl.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            ssl.setSSLParameters(parameters);
            return ssl;
        }
        throw new IOException("no TLS socket: " + secured.getClass());
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String address, int port) throws IOException {
        throw new IOException("only over a connection that is there");
    }

    @Override
    public Socket createSocket(String address, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(address, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return createSocket(address.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(address, port);
    }
}
