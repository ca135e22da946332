package io.oncemq.kafka;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one source, one at a time. Kafka's client gives up its membership for good after some errors: one poll throws the error, and
 * all later polls bring nothing and throw nothing. Then the source closes the consumer and opens another one. Belongs to the poll thread, except
 * for {@link #wakeup}.
 */
final class Consumers {
    private final GroupProtocol protocol;
    private final Supplier<Consumer<byte[], byte[]>> maker;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /** @param maker of consumers with equal settings; throws Kafka's exceptions */
    Consumers(GroupProtocol protocol, Supplier<Consumer<byte[], byte[]>> maker) {
        this.protocol = protocol;
        this.maker = maker;
    }

    /**
     * Whether the membership may be over after this error of a poll or a commit. On the consumer protocol any final answer to a heartbeat
     * puts the client into a fatal state. A poll throws only the first of several errors, so each error counts that could have hidden such
     * an answer. An unexpected error of the client's own thread counts, too: its cause is not an exception of Kafka, as it is for a record
     * that cannot be read. On the classic protocol the client silently repeats heartbeats that the group refuses, and continues to read
     * partitions that it may no longer own.
     */
    boolean endsMembership(KafkaException error) {
        return protocol == GroupProtocol.CONSUMER
                ? (error instanceof ApiException || isUnexpected(error)) && !KafkaErrors.passing(error)
                : error instanceof GroupAuthorizationException;
    }

    private static boolean isUnexpected(KafkaException error) {
        Throwable cause = error.getCause();
        return cause != null && !(cause instanceof KafkaException) && !(error instanceof InterruptException);
    }

    /**
     * Opens one where none is open. Does not connect.
     *
     * @throws KafkaException if the client cannot be built
     */
    void open() {
        if (current == null) {
            current = maker.get();
        }
    }

    boolean isOpen() {
        return current != null;
    }

    /** @throws IllegalStateException if none is open */
    Consumer<byte[], byte[]> get() {
        Consumer<byte[], byte[]> consumer = current;
        if (consumer == null) {
            throw new IllegalStateException("no consumer is open");
        }
        return consumer;
    }

    /** On any thread; does not block. */
    void wakeup() {
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** Leaves the group, if the client can. Blocks for the time-out at most, besides the callbacks for what is still assigned. */
    void close(Duration timeout) {
        Consumer<byte[], byte[]> consumer = current;
        current = null;
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(timeout));
        }
    }
}
