package io.oncemq.it.rabbit;

import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.Ordering;
import io.oncemq.SubscriptionBuilder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What the handler of a group {@code g} got, one message after another. */
final class Handled {
    /** @param at monotonic nanoseconds */
    record One(String body, String id, @Nullable String key, Headers headers, boolean redelivered, long at) {}

    final List<One> all = new CopyOnWriteArrayList<>();

    private Handled() {}

    static Handled of(MessagingClient client, String destination, Ordering ordering) {
        Handled handled = new Handled();
        subscription(client, destination)
                .ordering(ordering)
                .concurrency(1)
                .handler(delivery -> handled.all.add(new One(
                        String.valueOf(delivery.body()),
                        delivery.id(),
                        delivery.key(),
                        delivery.headers(),
                        delivery.redelivered(),
                        System.nanoTime())))
                .start();
        return handled;
    }

    private static SubscriptionBuilder<String> subscription(MessagingClient client, String destination) {
        String origin = destination.endsWith(".g.dlq")
                ? destination.substring(0, destination.length() - ".g.dlq".length())
                : destination;
        return client.subscription(destination, Codecs.string())
                .group("g")
                .deadLetter(DeadLetterPolicy.to(DestinationSpec.deadLetterName(origin, "g")));
    }

    List<String> bodies() {
        return all.stream().map(One::body).toList();
    }
}
