package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Publisher;
import io.oncemq.Receipt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class BrokerOutage extends Scenario {
    BrokerOutage(TransportKit kit) {
        super(kit);
    }

    @Test
    @DisplayName("a consumer continues by itself after the broker was killed and started again, and repeats nothing")
    final void consumptionGoesOnAfterARestart() {
        String orders = destination(1);
        subscribe(client(), orders).handler(effects.by("only")).start();
        publish(orders, message("1", "a"), message("2", "a"));
        awaitHandled("1", "2");
        fixture.killBroker();
        fixture.startBroker();
        publish(orders, message("1", "a"), message("3", "a"));
        awaitHandled("3");
        assertThat(effects.ids()).containsExactly("1", "2", "3");
    }

    @Test
    @DisplayName("what is published to a silent broker is kept and confirmed when it answers again")
    final void publishingGoesOnAfterASilentBroker() {
        String orders = destination(1);
        Publisher<String> publisher = publisher(orders);
        publisher.publish(message("1", "a")).join();
        fixture.pauseBroker();
        CompletableFuture<Receipt> second = publisher.publish(message("2", "a"));
        CompletableFuture<Receipt> third = publisher.publish(message("3", "a"));
        assertThat(second).isNotDone();
        fixture.resumeBroker();
        second.join();
        third.join();
        assertThat(fixture.readRaw(orders)).extracting(RawMessage::text).containsSubsequence("1", "2", "3");
    }
}
