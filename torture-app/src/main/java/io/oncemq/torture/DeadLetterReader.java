package io.oncemq.torture;

import io.oncemq.MessagingEvent;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Empties a group's dead-letter destination. What is not acknowledged holds up the rest on a broker that sends only so much ahead. */
final class DeadLetterReader implements SourceListener {
    private static final String DEAD_LETTER_ID = "oncemq-dead-letter-id";
    /** Some brokers can have no more than 65,535 on their way. */
    private static final int MOST = 60_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();

    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());

    /** Set before anything comes. */
    private volatile @Nullable MessageSource source;

    private DeadLetterReader() {}

    /** Those of a run. */
    static Set<String> read(BrokerTransport transport, Set<String> expected, Stop stop) {
        return read(transport, Terms.DEAD_LETTERS, expected, stop);
    }

    /** @param expected what is known to lie there: reading goes on for a while until it has come */
    static Set<String> read(BrokerTransport transport, String deadLetters, Set<String> expected, Stop stop) {
        DeadLetterReader reader = new DeadLetterReader();
        // Each dead-letter destination has a group of the name of the one whose letters it holds.
        SourceSpec spec = SourceSpec.builder(deadLetters, Terms.GROUP)
                .maxInFlight(MOST)
                .maxInFlightBytes(1L << 26)
                .handlerTimeout(Duration.ofMinutes(1))
                .drainDeadline(Duration.ofSeconds(1))
                .build();
        try (MessageSource source = transport.openSource(spec, reader)) {
            reader.source = source;
            source.start();
            stop.await(PATIENCE, () -> reader.found.containsAll(expected) && reader.isQuiet());
        }
        return Set.copyOf(reader.found);
    }

    private boolean isQuiet() {
        return System.nanoTime() - lastNanos.get() > QUIET_NANOS;
    }

    @Override
    public void onAssigned(Collection<Shard> shards) {
        lastNanos.set(System.nanoTime());
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> messages) {
        lastNanos.set(System.nanoTime());
        messages.forEach(message -> {
            String id = message.headers().text(DEAD_LETTER_ID);
            found.add(id == null ? "message " + message.tag() : id);
        });
        long last = messages.get(messages.size() - 1).tag();
        Objects.requireNonNull(source, "started")
                .acknowledge(List.of(new Acknowledgement(shard, last, Acknowledgement.NONE, true)));
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
        return List.of();
    }

    @Override
    public void onLost(Collection<Shard> shards) {
        // nothing was promised
    }

    @Override
    public void onEvent(MessagingEvent event) {
        // nobody listens
    }

    @Override
    public void onFailure(Throwable cause) {
        // what was not found by then is reported as missing
    }
}
