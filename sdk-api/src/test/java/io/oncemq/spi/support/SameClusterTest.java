package io.oncemq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SameClusterTest {
    private static final Duration LONG = Duration.ofMinutes(5);

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

    @Test
    void asksEachAddressAndRefusesWhatDiffersTwice() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SameCluster.check("servers", List.of("a:1", "b:2", "c:3"), LONG, address -> {
                    if (address.equals("c:3")) {
                        throw new IllegalStateException("no answer");
                    }
                    return "of " + address;
                }))
                .withMessageStartingWith("servers = a:1,b:2: the addresses belong to different clusters: "
                        + "a:1 belongs to of a:1, b:2 belongs to of b:2. ");
    }

    @Test
    void acceptsABrokerThatTakesOverWhileItAsks() {
        AtomicInteger asked = new AtomicInteger();
        assertThatCode(() -> SameCluster.check("servers", List.of("a:1", "b:2"), LONG, address -> {
                    if (address.equals("a:1") && asked.incrementAndGet() > 1) {
                        throw new IllegalStateException("gone");
                    }
                    return "of " + address;
                }))
                .doesNotThrowAnyException();
        assertThat(asked).hasValue(2);
    }

    @Test
    void doesNotWaitLongForAnAddressThatIsSilent() {
        CountDownLatch never = new CountDownLatch(1);
        assertThatCode(() -> SameCluster.check("servers", List.of("a:1", "b:2"), Duration.ofMillis(20), address -> {
                    if (address.equals("b:2")) {
                        never.await();
                    }
                    return "of " + address;
                }))
                .doesNotThrowAnyException();
        never.countDown();
    }

    @Test
    void asksNothingOfOneAddress() {
        assertThatCode(() -> SameCluster.check("servers", List.of("a:1", "a:1"), LONG, address -> {
                    throw new AssertionError("asked");
                }))
                .doesNotThrowAnyException();
    }
}
