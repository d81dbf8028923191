package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import javax.crypto.Mac;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Writes tokens, and reads those that routers of the same cluster wrote. Thread-safe.
 *
 * <pre>
 * base64url of: version 1 | key's name | cluster | issued at | number of shards | each shard, in order | HMAC-SHA256 of all that
 *   a name is one byte for its length and then its bytes; the cluster 8 bytes of the SHA-256 of its uid; the time in
 *   milliseconds in 8 bytes; the number in 2 bytes
 *   a shard is its name, the term in 8 bytes, the place in the log in 8 bytes; all numbers big-endian
 * </pre>
 */
public final class TokenCodec {
    /** Characters; a header of that size passes common proxies. */
    public static final int MAX_LENGTH = 8 << 10;
    /** The operator keeps keys a little longer than that. */
    static final Duration LONGEST_LIFE = Duration.ofHours(24);

    private static final byte VERSION = 1;
    private static final int MAC_BYTES = 32;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(TokenCodec::newMac);

    private final KeyFile keys;
    private final Clock clock;
    private volatile ClusterTag cluster = new ClusterTag("", 0);

    private record ClusterTag(String uid, long tag) {}

    public TokenCodec(KeyFile keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @throws TokenException when there are no keys, or the token would be too long to be sent in a header */
    public String write(CausalToken token, String clusterUid) throws TokenException {
        TokenKeys.TokenKey key = keys().signer();
        int size = 1 + 1 + key.name().length() + 2 * Long.BYTES + Short.BYTES + MAC_BYTES;
        for (String shard : token.positions().keySet()) {
            size += 1 + shard.getBytes(UTF_8).length + 2 * Long.BYTES;
        }
        if (4 * size / 3 > MAX_LENGTH) {
            throw new TokenException(
                    TokenFault.TOO_LARGE,
                    "a token of " + token.positions().size() + " shards would be longer than " + MAX_LENGTH
                            + " characters; carry tokens of fewer shards, or use sessions");
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).put(VERSION);
        putName(bytes, key.name());
        bytes.putLong(tag(clusterUid)).putLong(clock.millis());
        bytes.putShort((short) token.positions().size());
        token.positions().forEach((shard, position) -> {
            putName(bytes, shard);
            bytes.putLong(position.timeline()).putLong(position.lsn().offset());
        });
        bytes.put(mac(key, bytes.array(), bytes.position()));
        return ENCODER.encodeToString(bytes.array());
    }

    /**
     * @param shards those of the cluster
     * @throws TokenException naming the first thing that is wrong with it
     */
    public CausalToken read(String text, String clusterUid, Set<String> shards) throws TokenException {
        keys();
        if (text.length() > MAX_LENGTH) {
            throw new TokenException(
                    TokenFault.TOO_LARGE,
                    "the token has more than " + MAX_LENGTH + " characters; none that a router makes does");
        }
        byte[] bytes;
        try {
            bytes = DECODER.decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed("is not base64url");
        }
        Body body = body(bytes);
        if (body.cluster() != tag(clusterUid)) {
            throw new TokenException(
                    TokenFault.OF_ANOTHER_CLUSTER,
                    "the token is of another cluster, whose positions say nothing here; carry one token for each cluster");
        }
        if (!MessageDigest.isEqual(
                mac(key(body.key()), bytes, bytes.length - MAC_BYTES),
                Arrays.copyOfRange(bytes, bytes.length - MAC_BYTES, bytes.length))) {
            throw new TokenException(
                    TokenFault.FORGED, "the token's signature is wrong: it was changed, or made by somebody else");
        }
        if (Duration.between(body.issued(), clock.instant()).compareTo(LONGEST_LIFE) > 0) {
            throw new TokenException(
                    TokenFault.EXPIRED,
                    "the token was made more than " + LONGEST_LIFE.toHours()
                            + " hours ago, and replicas have had all that it speaks of since; go on without it, or with an empty"
                            + " one from POST /v1/tokens/merge");
        }
        for (String shard : body.positions().keySet()) {
            if (!shards.contains(shard)) {
                throw new TokenException(
                        TokenFault.UNKNOWN_SHARD,
                        "the token speaks of shard " + shard
                                + ", which the router does not know; begin with an empty one from POST /v1/tokens/merge");
            }
        }
        return CausalToken.of(body.positions());
    }

    private record Body(String key, long cluster, Instant issued, SortedMap<String, LogPosition> positions) {}

    private static Body body(byte[] bytes) throws TokenException {
        if (bytes.length > 0 && bytes[0] != VERSION) {
            throw malformed("is of version " + bytes[0] + ", and this router reads version " + VERSION);
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, Math.max(0, bytes.length - MAC_BYTES))
                    .slice();
            buffer.get();
            String key = name(buffer, MAX_NAME_BYTES);
            long cluster = buffer.getLong();
            Instant issued = Instant.ofEpochMilli(buffer.getLong());
            SortedMap<String, LogPosition> positions = new TreeMap<>();
            for (int count = buffer.getShort(); count > 0; count--) {
                String shard = name(buffer, MAX_NAME_BYTES);
                if (!positions.isEmpty() && positions.lastKey().compareTo(shard) >= 0) {
                    throw malformed("does not have its shards in order");
                }
                positions.put(shard, new LogPosition(buffer.getLong(), new Lsn(buffer.getLong())));
            }
            if (buffer.hasRemaining()) {
                throw malformed("has more bytes than it says");
            }
            return new Body(key, cluster, issued, positions);
        } catch (BufferUnderflowException e) {
            throw malformed("is cut off");
        }
    }

    private static final int MAX_NAME_BYTES = 255;

    private static String name(ByteBuffer buffer, int most) {
        byte[] name = new byte[Math.min(most, Byte.toUnsignedInt(buffer.get()))];
        buffer.get(name);
        return new String(name, UTF_8);
    }

    private static void putName(ByteBuffer buffer, String name) {
        byte[] bytes = name.getBytes(UTF_8);
        buffer.put((byte) bytes.length).put(bytes);
    }

    private TokenKeys keys() throws TokenException {
        TokenKeys present = keys.keys();
        if (present == null) {
            throw new TokenException(
                    TokenFault.NO_KEYS,
                    "this router has no keys for tokens: the Secret that it was given has no entry " + KeyFile.NAME
                            + "; use sessions, or see 'Read guarantees' in the documentation of the router");
        }
        return present;
    }

    private TokenKeys.TokenKey key(String name) throws TokenException {
        TokenKeys.@Nullable TokenKey key = keys().find(name);
        if (key == null) {
            keys.readAgain(System.nanoTime());
            key = keys().find(name);
        }
        if (key == null) {
            throw new TokenException(
                    TokenFault.UNKNOWN_KEY,
                    "the token was signed with a key that is not in use any more, or not of this cluster; begin with an empty"
                            + " one from POST /v1/tokens/merge");
        }
        return key;
    }

    private long tag(String uid) {
        ClusterTag last = cluster;
        if (!last.uid().equals(uid)) {
            last = new ClusterTag(uid, ByteBuffer.wrap(sha256(uid)).getLong());
            cluster = last;
        }
        return last.tag();
    }

    private static byte[] mac(TokenKeys.TokenKey key, byte[] bytes, int length) {
        try {
            Mac mac = MAC.get();
            mac.init(key.secret());
            mac.update(bytes, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(TokenKeys.ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static TokenException malformed(String what) {
        return new TokenException(
                TokenFault.MALFORMED,
                "the token " + what + "; send it as a router made it, or begin with an empty one from POST"
                        + " /v1/tokens/merge");
    }
}
