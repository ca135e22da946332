package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.kit.store.IdempotencyStoreKit;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisSecuredStoreKitIT extends IdempotencyStoreKit {
    private static RedisSecuredFixture fixture;

    @BeforeAll
    static void start(@TempDir Path folder) {
        fixture = new RedisSecuredFixture(folder);
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Override
    protected StoreFixture fixture() {
        return fixture;
    }

    @Test
    void skipsNothing() {
        assertThat(fixture.abilities()).containsExactly(StoreAbility.values());
    }
}
