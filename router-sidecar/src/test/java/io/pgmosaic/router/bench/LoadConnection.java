package io.pgmosaic.router.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** One kept-alive connection with at most one lookup under way. Reads an answer with no more work than its length needs. */
final class LoadConnection {
    private static final byte[] OK = "HTTP/1.1 200 ".getBytes(US_ASCII);
    private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocateDirect(16 << 10);
    private long asked;

    private LoadConnection(SocketChannel channel) {
        this.channel = channel;
    }

    static LoadConnection open(int port, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        LoadConnection connection = new LoadConnection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    /** @param at the moment from which the answer is waited for */
    void ask(ByteBuffer request, long at) throws IOException {
        asked = at;
        received.clear();
        ByteBuffer rest = request.duplicate();
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    long asked() {
        return asked;
    }

    /** Reads what there is; true when the answer is whole. */
    boolean answered() throws IOException {
        if (channel.read(received) < 0) {
            throw new IOException("the server closed a connection");
        }
        int head = find(END, 0);
        if (head < 0) {
            return false;
        }
        if (find(OK, 0) != 0) {
            throw new IOException("an answer that is not 200");
        }
        int length = 0;
        for (int at = find(LENGTH, 0) + LENGTH.length; received.get(at) != '\r'; at++) {
            length = length * 10 + received.get(at) - '0';
        }
        return received.position() == head + END.length + length;
    }

    private int find(byte[] text, int from) {
        for (int at = from; at + text.length <= received.position(); at++) {
            int same = 0;
            while (same < text.length && received.get(at + same) == text[same]) {
                same++;
            }
            if (same == text.length) {
                return at;
            }
        }
        return -1;
    }
}
