package io.pgmosaic.instance.postgres;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerConfigurationTest {
    @Test
    void listensAtTheLoopbackAddressOfAPodsOwnNetwork() {
        assertThat(ServerConfiguration.listenAddresses("10.0.1.10")).isEqualTo("10.0.1.10,localhost");
        assertThat(ServerConfiguration.listenAddresses("fd00::10")).isEqualTo("fd00::10,localhost");
    }

    @Test
    void listensAtNoOtherAddressOfANetworkThatIsShared() {
        assertThat(ServerConfiguration.listenAddresses("127.3.0.2")).isEqualTo("127.3.0.2");
        assertThat(ServerConfiguration.listenAddresses("::1")).isEqualTo("::1");
    }
}
