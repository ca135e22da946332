package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.kit.store.DataLossKit;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisDataLossKitIT extends DataLossKit {
    private static RedisFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new RedisFixture();
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
