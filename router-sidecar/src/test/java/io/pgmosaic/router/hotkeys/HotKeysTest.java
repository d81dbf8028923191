package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class HotKeysTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> tables = new ArrayList<>();
    private final HotKeys hotKeys = new HotKeys(1_000, (name, keys) -> tables.add(name));

    @Test
    void tellsSharesOfEachTableByItself() {
        for (int i = 0; i < 9_000; i++) {
            hotKeys.add("public.orders", Key.bigint(i % 10 < 3 ? 42 : 1_000 + i), SECOND);
        }
        hotKeys.add("public.accounts", Key.text("acme"), SECOND);
        assertThat(tables).containsExactly("public.orders", "public.accounts");
        HotKeys.HotKey top = hotKeys.top("public.orders", 1, SECOND).getFirst();
        assertThat(top.key()).isEqualTo(Key.bigint(42));
        assertThat(top.share()).isBetween(0.3 - 1e-9, 0.302);
        assertThat(top.share() - top.error()).isLessThanOrEqualTo(0.3 + 1e-9);
        assertThat(hotKeys.topShare("public.orders", SECOND)).isCloseTo(0.3, Offset.offset(0.01));
        assertThat(hotKeys.topShare("public.accounts", SECOND)).isEqualTo(1);
        assertThat(hotKeys.top("public.orders", 10_000, SECOND)).hasSizeLessThanOrEqualTo(1_000);
        assertThat(hotKeys.top("public.nothing", 10, SECOND)).isEmpty();
        assertThat(hotKeys.topShare("public.nothing", SECOND)).isZero();
    }

    @Test
    void forgetsWhatWasHotOnce() {
        for (int i = 0; i < 1_000; i++) {
            hotKeys.add("t", Key.bigint(1), SECOND);
        }
        long later = SECOND + 10 * FadingSketch.HALF_LIFE_SECONDS * SECOND;
        for (int i = 0; i < 100; i++) {
            hotKeys.add("t", Key.bigint(2), later);
        }
        List<HotKeys.HotKey> top = hotKeys.top("t", 2, later);
        assertThat(top).extracting(HotKeys.HotKey::key).containsExactly(Key.bigint(2), Key.bigint(1));
        assertThat(top.getFirst().share()).isCloseTo(100 / 101.0, Offset.offset(0.01));
    }

    @Test
    void countsOverAnyTime() {
        long now = SECOND;
        double told = 0;
        // A hundred half-lives, three times what a weight may grow to.
        for (int second = 0; second < 100 * FadingSketch.HALF_LIFE_SECONDS; second++) {
            now += SECOND;
            told = hotKeys.add("t", Key.bigint(7), now);
        }
        // A geometric series of one a second.
        double expected = 1 / (1 - Math.pow(0.5, 1.0 / FadingSketch.HALF_LIFE_SECONDS));
        assertThat(told).isCloseTo(expected, Offset.offset(0.5));
        assertThat(hotKeys.top("t", 1, now).getFirst().perSecond()).isCloseTo(1, Offset.offset(0.02));
    }

    @Test
    void tellsNoShareOfNothingAfterANightWithoutLookups() {
        HotKeys hotKeys = new HotKeys(100, (name, keys) -> {});
        hotKeys.add("t", Key.bigint(1), SECOND);
        long morning = TimeUnit.DAYS.toNanos(2);
        assertThat(hotKeys.top("t", 10, morning)).isEmpty();
        assertThat(hotKeys.topShare("t", morning)).isZero();
        hotKeys.add("t", Key.bigint(2), morning);
        assertThat(hotKeys.top("t", 1, morning)).singleElement().satisfies(hot -> {
            assertThat(hot.key()).isEqualTo(Key.bigint(2));
            assertThat(hot.share()).isEqualTo(1);
        });
    }

    @Test
    void keepsNoLongTexts() {
        String text = "x".repeat(60_000);
        hotKeys.add("t", Key.text(text), SECOND);
        hotKeys.add("t", Key.text(text), SECOND);
        assertThat(hotKeys.top("t", 10, SECOND)).singleElement().satisfies(hot -> {
            assertThat(hot.key()).isEqualTo(BoundedKey.of(Key.text(text)));
            assertThat(hot.key().values().getFirst().text()).hasSizeLessThan(80);
        });
    }

    @Test
    void namesKeysByASecret() {
        KeyNames one = new KeyNames(() -> new byte[] {1});
        KeyNames same = new KeyNames(() -> new byte[] {1});
        KeyNames other = new KeyNames(() -> null);
        assertThat(one.of(Key.text("acme"))).matches("[0-9a-f]{16}").isEqualTo(same.of(Key.text("acme")));
        assertThat(other.of(Key.text("acme"))).isNotEqualTo(one.of(Key.text("acme")));
        assertThat(new KeyNames(() -> null).of(Key.text("acme")))
                .as("each router's own while there is no secret")
                .isNotEqualTo(other.of(Key.text("acme")));
        assertThat(one.of(Key.text("1:a"))).isNotEqualTo(one.of(Key.text("a")));
    }

    @Test
    void countsNothingWhenItIsTold() {
        HotKeys none = new HotKeys(0, (name, keys) -> tables.add(name));
        assertThat(none.add("t", Key.bigint(1), SECOND)).isInfinite();
        assertThat(none.top("t", 1, SECOND)).isEmpty();
        assertThat(tables).isEmpty();
    }
}
