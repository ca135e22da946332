package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.Subscription.State;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The right to read one queue, withheld alone or taken away while a neighbour reads (S10). */
@NeedsRabbit
class RabbitOneRightIT {
    private static final String ALL = ".*";

    private static RabbitServer server;

    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final Deque<MessagingClient> clients = new ArrayDeque<>();
    private final String orders = PublishRig.name();
    private final String beside = PublishRig.name();
    private MessagingClient owner;

    @BeforeAll
    static void start() {
        server = RabbitServer.builder().build();
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        owner = as(server.user(), server.password(), new CopyOnWriteArrayList<>());
        for (String destination : List.of(orders, beside)) {
            owner.ensure(DestinationSpec.builder(DestinationSpec.deadLetterName(destination, "g"))
                    .group("g")
                    .build());
            owner.ensure(DestinationSpec.builder(destination).group("g").build());
        }
    }

    @AfterEach
    void close() {
        clients.forEach(MessagingClient::close);
    }

    @Test
    void withoutTheRightToReadItsQueueASubscriptionFailsAtItsStartByName() {
        server.createUser("unreading", "word", "/", ALL, ALL, not(orders));
        MessagingClient client = as("unreading", "word", events);
        Subscription refused = subscribe(client, orders);
        Subscription neighbour = subscribe(client, beside);
        await().until(() -> refused.state() == State.FAILED);
        assertThat(refused.failure())
                .get()
                .isInstanceOf(AuthenticationException.class)
                .asString()
                .contains("read access", orders + ".g.0");
        publish(beside, "1");
        await().until(() -> handled.contains(beside + "/1"));
        assertThat(neighbour.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aRightToReadThatIsTakenAwayAndGivenBackDisturbsNoNeighbour() {
        server.createUser("shortly", "word", "/", ALL, ALL, ALL);
        MessagingClient client = as("shortly", "word", events);
        Subscription losing = subscribe(client, orders);
        subscribe(client, beside);
        publish(orders, "1");
        await().until(() -> handled.contains(orders + "/1"));
        server.createUser("shortly", "word", "/", ALL, ALL, not(orders));
        server.closeConnections();
        await().until(() -> refusals(events).contains(orders));
        publish(beside, "2");
        await().until(() -> handled.contains(beside + "/2"));
        assertThat(refusals(events)).doesNotContain(beside);
        server.createUser("shortly", "word", "/", ALL, ALL, ALL);
        publish(orders, "3");
        await().until(() -> handled.contains(orders + "/3"));
        assertThat(losing.state()).isEqualTo(State.RUNNING);
    }

    private static String not(String part) {
        return "^(?!.*" + part + ").*$";
    }

    private static List<String> refusals(List<MessagingEvent> heard) {
        return heard.stream()
                .filter(AccessRefused.class::isInstance)
                .map(event -> ((AccessRefused) event).destination())
                .toList();
    }

    private Subscription subscribe(MessagingClient client, String destination) {
        return client.subscription(destination, Codecs.string())
                .group("g")
                .retry(RetryPolicy.none())
                .handler(delivery -> handled.add(destination + "/" + delivery.body()))
                .start();
    }

    private void publish(String destination, String body) {
        owner.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(body).key(body))
                .join();
    }

    private MessagingClient as(String user, String password, List<MessagingEvent> heard) {
        MessagingClient client = MessagingClient.builder()
                .transport(Rabbit.at("127.0.0.1:" + server.port()).login(user, password))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(heard::add)
                .build();
        clients.push(client);
        return client;
    }
}
