package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.kit.store.IdempotencyStoreKit;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RedisVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit on each version at hand beside the usual one, which {@link RedisStoreKitIT} runs on. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("versions")
class RedisVersionsStoreKitIT extends IdempotencyStoreKit {
    private static final Map<RedisVersion, RedisFixture> FIXTURES = new LinkedHashMap<>();

    private final RedisVersion version;

    RedisVersionsStoreKitIT(RedisVersion version) {
        this.version = version;
    }

    static Stream<RedisVersion> versions() {
        return RedisServer.binaries().stream()
                .filter(version ->
                        !version.toString().equals(RedisServer.usualBinary().toString()));
    }

    @AfterAll
    static void stop() {
        FIXTURES.values().forEach(RedisFixture::close);
        FIXTURES.clear();
    }

    @Override
    protected StoreFixture fixture() {
        return FIXTURES.computeIfAbsent(version, RedisFixture::new);
    }

    @Test
    void skipsNothing() {
        assertThat(fixture().abilities()).containsExactly(StoreAbility.values());
    }
}
