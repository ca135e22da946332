package io.oncemq.testkit.kit.transport;

import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One real broker and one real store in the hands of a {@link TransportKit}: how to reach them, how to look at them without
 * OnceMQ, and how to break them. One fixture serves all tests of a class, one after another; every call blocks until what
 * it says is so.
 */
public interface TransportFixture {
    /** Clients of one process reach the broker by this; each call may give the same factory. */
    TransportFactory transport();

    /** Clients of one process reach the store by this. */
    IdempotencyStoreFactory store();

    /** How a child process reaches the broker: by this class, given {@link #memberAddress}. */
    Class<? extends MemberTransport> memberTransport();

    /** One address with its port. */
    String memberAddress();

    /** The store for a child process, as {@link io.oncemq.MessagingClientBuilder#idempotency(String)} takes it. */
    String storeUri();

    /**
     * Told of each destination of a test before its first message. A broker that keeps messages only for the groups that it knows begins
     * here to keep a copy for {@link #readRaw}.
     */
    default void created(String destination) {}

    /** Writes one message as a foreign producer would, and waits until the broker has it. */
    void publishRaw(String destination, RawMessage message);

    /**
     * Writes to a destination with one partition whatever a foreign producer can write with the broker's own client and OnceMQ does not write:
     * headers of each type, bodies of each kind, names that mean something to OnceMQ with values that mean nothing. Waits until the broker has all.
     *
     * @return what has to become of each
     */
    List<Stranger> publishStrangers(String destination);

    /** All messages of a destination, those of one shard in their order. The broker must run. */
    List<RawMessage> readRaw(String destination);

    /**
     * A broker of this kind that lets users in by passwords and rights, which may be the same one; started by the first call. Empty where the
     * fixture has none, which skips what {@link GuardedBroker} shows.
     */
    default Optional<GuardedBroker> guarded() {
        return Optional.empty();
    }

    /** The way of all clients to the broker, which a test may break; {@link #heal} restores it. */
    TcpProxy network();

    /** Whether the broker's own client, once connected, lives through an answer in another protocol, such as HTTP. */
    default boolean survivesOtherProtocols() {
        return true;
    }

    /** Resets every connection between clients and broker; new ones are accepted at once. */
    void severConnections();

    /** Freezes the broker: connections stay open and nothing answers. */
    void pauseBroker();

    void resumeBroker();

    /** As {@code kill -9}. */
    void killBroker();

    /** Starts the killed broker on its data. */
    void startBroker();

    /** Freezes the store: connections stay open and nothing answers. */
    void pauseStore();

    void resumeStore();

    /** As {@code kill -9}. */
    void killStore();

    /** Starts the killed store on its data. */
    void startStore();

    /** The store throws its data away and comes back empty, as after a restart without its disk. */
    void loseStoreData();

    /** Brings broker and store back to life, whatever a test has left behind. */
    void heal();

    /** A number of bytes that is more than the broker takes in a body. */
    int oversizedBody();

    /** How many messages one fetch may bring beyond the bound of a subscription. */
    int fetchAtMost(int maxInFlight);

    /** Whether a member that drains one partition receives from the others meanwhile; else it continues with the messages that it has received. */
    default boolean receivesWhileItDrains() {
        return true;
    }

    /** Whether the kit runs handlers on virtual threads; members in processes of their own never do. */
    default boolean virtualThreads() {
        return false;
    }

    /** How long a test waits for what must happen. */
    default Duration patience() {
        return Duration.ofMinutes(3);
    }
}
