package io.oncemq.it.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.MessagingClient;
import io.oncemq.testkit.history.DuplicateCheck;
import io.oncemq.testkit.history.Duplicates;
import io.oncemq.testkit.history.EffectLedger;
import io.oncemq.testkit.history.Event;
import io.oncemq.testkit.history.History;
import io.oncemq.testkit.history.LostCheck;
import io.oncemq.testkit.history.OrderCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The members of a group and what they did. */
final class Group implements AutoCloseable {
    private final String name;
    private final Path file;
    private final List<MessagingClient> members;
    private final EffectLedger ledger;
    private final AtomicInteger effects = new AtomicInteger();

    Group(String name, Path file, List<MessagingClient> members) {
        this.name = name;
        this.file = file;
        this.members = members;
        this.ledger = EffectLedger.open(file);
    }

    void consume(String destination) {
        members.forEach(member -> member.subscription(destination, Codecs.string())
                .group(name)
                .handler(this::handle)
                .start());
    }

    private void handle(Delivery<String> delivery) {
        long sequence = Long.parseLong(String.valueOf(delivery.body()));
        String key = String.valueOf(delivery.key());
        long token = delivery.fencingToken().orElseThrow();
        ledger.effect(key, delivery.id(), sequence, delivery.attempt(), token);
        effects.incrementAndGet();
    }

    void confirmed(Event event) {
        ledger.append(event);
    }

    int effects() {
        return effects.get();
    }

    /** No process died: not even a crash window explains a repetition. */
    void assertOneEffectEachInOrder() {
        members.forEach(MessagingClient::close);
        History history = History.of(file);
        assertThat(LostCheck.in(history).samples()).isEmpty();
        assertThat(OrderCheck.in(history).samples()).isEmpty();
        Duplicates duplicates = DuplicateCheck.in(history, pid -> 0);
        assertThat(duplicates.inCrashWindow().samples()).isEmpty();
        assertThat(duplicates.unexplained().samples()).isEmpty();
    }

    @Override
    public void close() {
        members.forEach(MessagingClient::close);
        ledger.close();
    }
}
