package io.oncemq.testkit.kit.transport;

import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A broker and a store in memory; members in processes of their own cannot reach them. */
final class MemoryFixture implements TransportFixture {
    private final MemoryBroker broker;
    private final UnreliableStore store = new UnreliableStore();

    private final MemoryGuard guard;
    private final boolean virtualThreads;

    MemoryFixture(Defect defect, boolean virtualThreads) {
        this.broker = new MemoryBroker(defect);
        this.guard = new MemoryGuard(broker);
        this.virtualThreads = virtualThreads;
    }

    @Override
    public boolean virtualThreads() {
        return virtualThreads;
    }

    @Override
    public TransportFactory transport() {
        return clientId -> new MemoryTransport(broker);
    }

    @Override
    public IdempotencyStoreFactory store() {
        return store;
    }

    @Override
    public Class<? extends MemberTransport> memberTransport() {
        return MemoryMember.class;
    }

    @Override
    public String memberAddress() {
        return "127.0.0.1:" + MemoryPort.of(broker).number();
    }

    @Override
    public String storeUri() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<GuardedBroker> guarded() {
        return Optional.of(guard);
    }

    @Override
    public void publishRaw(String destination, RawMessage message) {
        String key = message.key();
        int hash = KeyHash.of(key == null ? UUID.randomUUID().toString() : key);
        broker.store(destination, hash, message);
    }

    @Override
    public List<Stranger> publishStrangers(String destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TcpProxy network() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<RawMessage> readRaw(String destination) {
        return broker.all(destination);
    }

    @Override
    public void severConnections() {
        broker.sever();
    }

    @Override
    public void pauseBroker() {
        broker.silence(true);
    }

    @Override
    public void resumeBroker() {
        broker.silence(false);
    }

    @Override
    public void killBroker() {
        broker.die();
    }

    @Override
    public void startBroker() {
        broker.live();
    }

    @Override
    public void pauseStore() {
        store.silence(true);
    }

    @Override
    public void resumeStore() {
        store.silence(false);
    }

    @Override
    public void killStore() {
        store.silence(true);
    }

    @Override
    public void startStore() {
        store.silence(false);
    }

    @Override
    public void loseStoreData() {
        store.loseData();
    }

    @Override
    public void heal() {
        broker.silence(false);
        broker.live();
        store.silence(false);
    }

    @Override
    public int oversizedBody() {
        return MemorySession.LARGEST + 1;
    }

    @Override
    public int fetchAtMost(int maxInFlight) {
        return MemorySource.fetch(maxInFlight);
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(broker.defect() == Defect.NONE ? 120 : 3);
    }
}
