package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreEnduranceKit;
import io.oncemq.testkit.kit.store.StoreFixture;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisSentinelStoreEnduranceKitIT extends StoreEnduranceKit {
    private static RedisSentinelFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new RedisSentinelFixture();
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
    void skipsOnlyWhatNeedsAProxy() {
        assertThat(EnumSet.complementOf(EnumSet.copyOf(fixture.abilities()))).containsExactly(StoreAbility.NETWORK);
    }
}
