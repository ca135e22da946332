package io.oncemq.it.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What one thread published, in its order, with the outcomes. */
final class Published {
    private final Publisher<String> publisher;
    private final Map<String, List<String>> idsOfKeys = new HashMap<>();
    private final List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();

    Published(Publisher<String> publisher) {
        this.publisher = publisher;
    }

    CompletableFuture<Receipt> publish(String key, String id) {
        idsOfKeys.computeIfAbsent(key, any -> new ArrayList<>()).add(id);
        CompletableFuture<Receipt> outcome =
                publisher.publish(OutboundMessage.of("body of " + id).id(id).key(key));
        outcomes.add(outcome);
        return outcome;
    }

    /** Numbered messages over some keys in turn. */
    void publish(String prefix, int messages, int keys) {
        for (int i = 0; i < messages; i++) {
            publish("key-" + i % keys, prefix + i);
        }
    }

    int size() {
        return outcomes.size();
    }

    Map<String, List<String>> idsOfKeys() {
        return idsOfKeys;
    }

    /** Waits for all outcomes and shows that each is a confirmation. */
    void assertConfirmed(Duration patience) throws Exception {
        CompletableFuture<Void> all = CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new));
        all.handle((none, failure) -> failure).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(outcomes.stream().filter(CompletableFuture::isCompletedExceptionally))
                .as("outcomes other than a confirmation")
                .isEmpty();
    }
}
