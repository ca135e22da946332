package io.oncemq.testkit.kit.store;

class InProcessDataLossKitTest extends DataLossKit {
    private final StoreFixture fixture = new InProcessFixture();

    @Override
    protected StoreFixture fixture() {
        return fixture;
    }
}
