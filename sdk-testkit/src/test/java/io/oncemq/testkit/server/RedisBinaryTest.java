package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisBinaryTest {

    @ParameterizedTest
    @CsvSource({
        "Redis server v=7.0.15 sha=0:0, true",
        "Redis server v=6.2.0 sha=0:0, true",
        "Server v=8.1.1 sha=0:0, true",
        "Redis server v=10.0.1 sha=0:0, true",
        "Redis server v=6.0.16 sha=0:0, false",
        "Redis server v=5.9.9 sha=0:0, false",
        "no version at all, false"
    })
    void acceptsVersionsFrom62On(String line, boolean accepted) {
        assertThat(RedisBinary.atLeast62(line)).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-amd64",
        "Linux, aarch64, linux-arm64",
        "Mac OS X, aarch64, darwin-arm64",
        "Mac OS X, x86_64, darwin-amd64"
    })
    void knowsItsPlatforms(String os, String arch, String suffix) {
        assertThat(RedisBinary.platform(os, arch)).isEqualTo(suffix);
    }

    @Test
    void saysWhatToInstallOnOtherPlatforms() {
        assertThatThrownBy(() -> RedisBinary.platform("Linux", "riscv64"))
                .isInstanceOf(ServerException.class)
                .hasMessageContainingAll("Linux on riscv64", "install redis-server");
    }
}
