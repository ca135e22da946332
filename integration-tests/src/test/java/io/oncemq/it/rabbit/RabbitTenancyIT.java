package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tenants of one server, each in a virtual host of its own, with one store: equal names and ids are not the same message (P3). */
@NeedsRabbit
class RabbitTenancyIT {
    private static final RedisServer REDIS = RedisServer.started();

    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<MessagingClient> clients = new ArrayList<>();
    private final String orders = PublishRig.name();

    @BeforeAll
    static void makeTenants() {
        for (String tenant : List.of("north", "south", "east")) {
            SharedRabbit.server().createVirtualHost(tenant);
        }
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @AfterEach
    void close() {
        clients.forEach(MessagingClient::close);
    }

    @Test
    void tenantsWithOneStoreDoNotSuppressEachOther() {
        MessagingClient plain = tenant("/", SharedRabbit.rabbit());
        MessagingClient north = tenant("north", SharedRabbit.rabbit().vhost("north"));
        MessagingClient south = tenant("south", SharedRabbit.rabbit().vhost("south"));
        List<MessagingClient> all = List.of(plain, north, south);
        all.forEach(client -> publish(client, "1"));
        await().untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrder("/ 1", "north 1", "south 1"));
        all.forEach(client -> publish(client, "1"));
        all.forEach(client -> publish(client, "2"));
        await().untilAsserted(() -> assertThat(handled).hasSize(6));
        assertThat(handled).contains("/ 2", "north 2", "south 2");
        assertThat(events).filteredOn(DuplicateSuppressed.class::isInstance).hasSize(3);
        assertThat(events).filteredOn(IdReused.class::isInstance).isEmpty();
    }

    @Test
    void whoMovesToAnotherVirtualHostUnderTheOldNameIsKnown() {
        publish(tenant("north", SharedRabbit.rabbit().vhost("north")), "1");
        await().untilAsserted(() -> assertThat(handled).containsExactly("north 1"));
        MessagingClient moved =
                tenant("moved", SharedRabbit.rabbit().vhost("east").namespace("north"));
        publish(moved, "1");
        publish(moved, "2");
        await().untilAsserted(() -> assertThat(handled).containsExactly("north 1", "moved 2"));
        assertThat(events).filteredOn(DuplicateSuppressed.class::isInstance).hasSize(1);
    }

    private MessagingClient tenant(String name, Rabbit rabbit) {
        MessagingClient client = MessagingClient.builder()
                .transport(rabbit)
                .idempotency(Providers.store(REDIS.uri()))
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
        clients.add(client);
        client.ensure(DestinationSpec.builder(orders).group("g").build());
        client.subscription(orders, Codecs.string())
                .group("g")
                .handler(delivery -> handled.add(name + " " + delivery.body()))
                .start();
        return client;
    }

    private void publish(MessagingClient client, String id) {
        client.publisher(orders, Codecs.string())
                .publish(OutboundMessage.of(id).id(id).key("k"))
                .join();
    }
}
