package io.oncemq.spi.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SameClusterTest {
    private final Map<String, String> identities = new LinkedHashMap<>();

    @Test
    void namesEachAddressWithItsCluster() {
        identities.put("a:1", "first");
        identities.put("b:2", "");
        identities.put("c:3", "second");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SameCluster.check("servers", identities))
                .withMessageStartingWith("servers = a:1,c:3: the addresses belong to different clusters: "
                        + "a:1 belongs to first, c:3 belongs to second. ");
    }

    @Test
    void acceptsOneClusterAndAddressesThatSayNothing() {
        assertThatCode(() -> SameCluster.check("servers", identities)).doesNotThrowAnyException();
        identities.put("a:1", "first");
        identities.put("b:2", "");
        identities.put("c:3", "first");
        assertThatCode(() -> SameCluster.check("servers", identities)).doesNotThrowAnyException();
    }
}
