package io.oncemq.testkit.kit.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InProcessStoreKitTest extends IdempotencyStoreKit {
    private final StoreFixture fixture = new InProcessFixture();

    @Override
    protected StoreFixture fixture() {
        return fixture;
    }

    @Test
    void skipsWhatNeedsAServer() {
        assertThat(fixture.abilities()).containsExactly(StoreAbility.DATA_LOSS);
    }
}
