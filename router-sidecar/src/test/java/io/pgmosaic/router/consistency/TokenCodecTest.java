package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.router.log.JsonLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokenCodecTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String UID = "uid-1";
    private static final Set<String> SHARDS = Set.of("s0", "s1", "s2");
    private static final String K1 = "k1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= SIGNS 2026-01-01T00:00:00Z\n";
    private static final String K2 = "k2 BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA= NEXT 2026-01-01T00:00:00Z\n";
    private static final CausalToken TOKEN =
            CausalToken.EMPTY.with("s1", at(3, 0x16_B374_D848L)).with("s0", at(1, 77));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private KeyFile keys;

    @SuppressWarnings("NullAway.Init")
    private TokenCodec codec;

    @BeforeEach
    void keys() throws IOException {
        codec = codec(K1, NOW);
    }

    @Test
    void readsWhatARouterOfTheSameClusterWrote() throws Exception {
        assertThat(codec.read(codec.write(TOKEN, UID), UID, SHARDS)).isEqualTo(TOKEN);
        assertThat(codec.read(codec.write(CausalToken.EMPTY, UID), UID, SHARDS)).isEqualTo(CausalToken.EMPTY);
        assertThat(codec.write(TOKEN, UID))
                .isEqualTo(codec.write(TOKEN.merge(TOKEN), UID))
                .matches("[A-Za-z0-9_-]+");
    }

    @Test
    void mergesToAPositionOfEachShardThatHoldsBoth() {
        CausalToken other =
                CausalToken.EMPTY.with("s1", at(4, 99)).with("s2", at(1, 5)).with("s0", at(1, 78));
        assertThat(TOKEN.merge(other).positions())
                .isEqualTo(Map.of("s0", at(1, 78), "s1", at(4, 0x16_B374_D848L), "s2", at(1, 5)));
        assertThat(other.merge(TOKEN)).isEqualTo(TOKEN.merge(other));
        assertThat(TOKEN.merge(CausalToken.EMPTY)).isEqualTo(TOKEN);
    }

    @Test
    void refusesATokenThatWasCutOffAtAnyPlace() throws Exception {
        byte[] whole = Base64.getUrlDecoder().decode(codec.write(TOKEN, UID));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertFault(Base64.getUrlEncoder().withoutPadding().encodeToString(part), TokenFault.MALFORMED);
        }
        assertFault("%%%", TokenFault.MALFORMED);
        assertFault("AgAA", TokenFault.MALFORMED);
    }

    @Test
    void refusesATokenOfWhichAnyBitWasChanged() throws Exception {
        byte[] whole = Base64.getUrlDecoder().decode(codec.write(TOKEN, UID));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] changed = whole.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThatThrownBy(() -> codec.read(text, UID, SHARDS)).isInstanceOf(TokenException.class);
        }
        whole[whole.length - 1] ^= 1;
        assertFault(Base64.getUrlEncoder().withoutPadding().encodeToString(whole), TokenFault.FORGED);
    }

    @Test
    void survivesRubbish() {
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 1;
            }
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertThatThrownBy(() -> codec.read(text, UID, SHARDS)).isInstanceOf(TokenException.class);
        }
    }

    @Test
    void refusesATokenThatIsTooLongAndMakesNone() throws Exception {
        assertFault("A".repeat(8_193), TokenFault.TOO_LARGE);
        CausalToken most = many(256);
        String text = codec.write(most, UID);
        assertThat(text).hasSizeLessThanOrEqualTo(TokenCodec.MAX_LENGTH);
        assertThat(codec.read(text, UID, most.positions().keySet())).isEqualTo(most);
        assertThatThrownBy(() -> codec.write(many(400), UID))
                .isInstanceOfSatisfying(
                        TokenException.class, e -> assertThat(e.fault()).isEqualTo(TokenFault.TOO_LARGE));
    }

    @Test
    void refusesATokenOfAnotherCluster() throws Exception {
        assertFault(codec.write(TOKEN, "uid-2"), TokenFault.OF_ANOTHER_CLUSTER);
    }

    @Test
    void refusesATokenOfAShardThatThereIsNot() throws Exception {
        assertFault(codec.write(TOKEN.with("s9", at(1, 1)), UID), TokenFault.UNKNOWN_SHARD);
    }

    @Test
    void refusesATokenThatIsOlderThanADay() throws Exception {
        String text = codec.write(TOKEN, UID);
        assertThat(codec(K1, NOW.plus(Duration.ofHours(24))).read(text, UID, SHARDS))
                .isEqualTo(TOKEN);
        codec = codec(K1, NOW.plus(Duration.ofHours(24)).plusMillis(1));
        assertFault(text, TokenFault.EXPIRED);
    }

    @Test
    void believesEveryKeyOfTheFileAndNoOther() throws Exception {
        String byTheFirst = codec.write(TOKEN, UID);
        codec = codec(K2 + K1, NOW);
        String byTheSecond = codec.write(TOKEN, UID);
        assertThat(byTheSecond).isNotEqualTo(byTheFirst);
        assertThat(codec.read(byTheFirst, UID, SHARDS)).isEqualTo(TOKEN);
        codec = codec(K1, NOW);
        assertFault(byTheSecond, TokenFault.UNKNOWN_KEY);
        Files.writeString(folder.resolve(KeyFile.NAME), K1 + K2);
        keys.read();
        assertThat(codec.read(byTheSecond, UID, SHARDS)).isEqualTo(TOKEN);
        codec = codec(K2, NOW);
        assertFault(byTheFirst, TokenFault.UNKNOWN_KEY);
    }

    /** The kubelet replaced the file a moment ago, and somebody else's router signs with the new key already. */
    @Test
    void readsTheFileAnewForAKeyThatItDoesNotKnow() throws Exception {
        codec = codec(K2 + K1, NOW);
        String byTheSecond = codec.write(TOKEN, UID);
        codec = codec(K1, NOW);
        Files.writeString(folder.resolve(KeyFile.NAME), K1 + K2);
        assertThat(codec.read(byTheSecond, UID, SHARDS)).isEqualTo(TOKEN);
    }

    @Test
    void hasNothingToSignWithWhileThereAreNoKeys() throws Exception {
        String text = codec.write(TOKEN, UID);
        Files.delete(folder.resolve(KeyFile.NAME));
        keys.read();
        assertFault(text, TokenFault.NO_KEYS);
        assertThatThrownBy(() -> codec.write(TOKEN, UID))
                .isInstanceOfSatisfying(
                        TokenException.class, e -> assertThat(e.fault()).isEqualTo(TokenFault.NO_KEYS));
    }

    @Test
    void keepsTheKeysThatItHasWhenTheFileIsBroken() throws Exception {
        String text = codec.write(TOKEN, UID);
        for (String broken : new String[] {"", "k1", "k1 AAAA", "k1 !!!!!", "a b\nc d"}) {
            Files.writeString(folder.resolve(KeyFile.NAME), broken);
            keys.read();
            assertThat(codec.read(text, UID, SHARDS)).isEqualTo(TOKEN);
        }
    }

    private void assertFault(String text, TokenFault fault) {
        assertThatThrownBy(() -> codec.read(text, UID, SHARDS))
                .isInstanceOfSatisfying(
                        TokenException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    private TokenCodec codec(String content, Instant now) throws IOException {
        Files.writeString(folder.resolve(KeyFile.NAME), content);
        keys = new KeyFile(
                folder,
                new JsonLog(
                        new PrintStream(java.io.OutputStream.nullOutputStream(), false, UTF_8),
                        Clock.systemUTC(),
                        Map.of()));
        keys.read();
        return new TokenCodec(keys, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static CausalToken many(int shards) {
        return CausalToken.of(IntStream.range(0, shards)
                .boxed()
                .collect(Collectors.toMap(i -> "s" + i, i -> at(1, i), (one, other) -> one, java.util.TreeMap::new)));
    }

    private static LogPosition at(long term, long offset) {
        return new LogPosition(term, new Lsn(offset));
    }
}
