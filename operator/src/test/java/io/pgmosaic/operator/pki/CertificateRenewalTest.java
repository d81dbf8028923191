package io.pgmosaic.operator.pki;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class CertificateRenewalTest {
    private static final Instant ISSUED = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<String> NAMES = List.of("orders-s0.shop.svc", "*.orders-s0.shop.svc");

    private final CertificateAuthority authority = authority();
    private final String certificate =
            authority.issueServer(NAMES, ISSUED, Duration.ofDays(90)).certificate();

    @ParameterizedTest
    @CsvSource({
        "PT0S,    false",
        "P59D,    false",
        "P60D,    false",
        "P60DT1S, true",
        "P89D,    true",
        "P91D,    true",
    })
    void isDueWhenThirtyDaysOfNinetyAreLeft(Duration later, boolean due) {
        assertThat(isDue(certificate, authority, NAMES, ISSUED.plus(later))).isEqualTo(due);
    }

    @Test
    void isDueWhenTheAuthorityIsAnother() {
        assertThat(isDue(certificate, authority(), NAMES, ISSUED)).isTrue();
    }

    @Test
    void isDueWhenANameIsMissing() {
        assertThat(isDue(certificate, authority, List.of("orders-s1.shop.svc"), ISSUED))
                .isTrue();
        assertThat(isDue(certificate, authority, NAMES.subList(0, 1), ISSUED)).isFalse();
        String nameless =
                authority.issueOperatorClient(ISSUED, Duration.ofDays(90)).certificate();
        assertThat(isDue(nameless, authority, NAMES, ISSUED)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"''", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"})
    void isDueWhenItCannotBeRead(String text) {
        assertThat(isDue(text, authority, NAMES, ISSUED)).isTrue();
    }

    private static boolean isDue(String pem, CertificateAuthority by, List<String> names, Instant now) {
        return CertificateRenewal.isDue(pem, by, names, now, Duration.ofDays(30));
    }

    private static CertificateAuthority authority() {
        try {
            return CertificateAuthority.of(CertificateAuthority.create("orders", ISSUED, Duration.ofDays(3650)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
