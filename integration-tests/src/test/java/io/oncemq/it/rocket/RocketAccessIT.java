package io.oncemq.it.rocket;

import static io.oncemq.it.rocket.RocketRig.frame;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import io.oncemq.Tls;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishSession;
import io.oncemq.spi.SendOptions;
import io.oncemq.spi.support.AccessPatience;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that talks by TLS only, to who shows a certificate, and knows users with rights. */
class RocketAccessIT {
    private static final Duration PATIENCE = ofSeconds(60);
    private static RocketServer server;
    private static TestCertificates certificates;
    private static Tls tls;
    private static Rocket rocket;

    private final SentOutcomes outcomes = new SentOutcomes();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start(@TempDir Path folder) {
        certificates = TestCertificates.in(folder);
        server = RocketRig.patient().tls(certificates).accessControl().build();
        server.start();
        tls = Tls.trusting(certificates.authority())
                .identity(certificates.clientCertificate(), certificates.clientKey())
                .withoutHostNameCheck();
        rocket = Rocket.at(server.nameServer()).tls(tls);
        server.createTopic("orders", 1);
        server.createUser("publisher", "secret-1", "Topic:orders", "Pub");
        server.createUser("reader", "secret-2", "Topic:orders", "Sub");
        server.createUser("grouped", "secret-2", "Group:g", "Sub");
        server.createUser("consumer", "secret-2", "Topic:orders", "Sub", "Get");
        server.allow("consumer", "Group:readers", "Sub");
        server.createTopic("orders%2Eg%2Edlq", 1);
        server.createTopic("orders%2Ereaders%2Edlq", 1);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void publishesWithTheRightToPublishAlone() {
        try (BrokerTransport transport =
                        rocket.credentials("publisher", "secret-1").open("publisher");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(frame("orders", "k", "may"), 1);
            OutboundFrame later = frame("orders", "k", "may");
            session.send(
                    new OutboundFrame(
                            "orders",
                            later.id(),
                            "k",
                            later.keyHash(),
                            later.headers(),
                            later.body(),
                            later.size(),
                            // To ask what the broker delays takes no right.
                            new SendOptions(ofHours(1), null, null)),
                    2);
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 2);
            assertThat(outcomes.confirmed).containsOnlyKeys(1, 2);
        }
    }

    @Test
    void rejectsWhatTheUserMayNotWriteAndNamesTheCredentialsForTheRest() {
        try (BrokerTransport transport =
                        rocket.credentials("reader", "secret-2").open("reader");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(frame("orders", "k", "may not"), 1);
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 1);
            assertThat(outcomes.rejected).containsEntry(1, Reason.UNAUTHORIZED);
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> transport.ensure(DestinationSpec.of("another")))
                    .satisfies(refused -> assertThat(refused.property()).contains("credentials"));
        }
    }

    /** Name servers ask for none: a client must not look well until its first message. */
    @Test
    void opensOnlyWithCredentialsThatABrokerAccepts() {
        for (Rocket each :
                List.of(rocket, rocket.credentials("publisher", "wrong"), rocket.credentials("nobody", "secret-1"))) {
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> each.open("refused"))
                    .satisfies(refused -> assertThat(refused.property()).contains("credentials"))
                    .withMessageNotContaining("secret-1");
        }
    }

    @Test
    void opensOnlyOverTlsToAServerThatItTrustsAndThatTrustsIt() {
        Rocket plain = Rocket.at(server.nameServer()).credentials("publisher", "secret-1");
        Tls stranger = Tls.trusting(certificates.otherAuthority())
                .identity(certificates.clientCertificate(), certificates.clientKey())
                .withoutHostNameCheck();
        Tls anonymous = Tls.trusting(certificates.authority()).withoutHostNameCheck();
        for (Rocket each : List.of(plain, plain.tls(stranger), plain.tls(anonymous))) {
            assertThatExceptionOfType(ConnectionException.class).isThrownBy(() -> each.open("refused"));
        }
    }

    /** Reading takes Sub and Get on the topic, and Sub on the group. */
    @Test
    void saysAtTheStartWhichRightToConsumeIsMissing() {
        for (String user : List.of("reader", "grouped")) {
            try (MessagingClient client = client(user, "secret-2")) {
                Subscription refused = subscribe(client, "g");
                await().atMost(PATIENCE).until(() -> refused.state() == Subscription.State.FAILED);
                assertThat(refused.failure().orElseThrow())
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("credentials")
                        .hasMessageNotContaining("secret-2");
            }
        }
        assertThat(handled).isEmpty();
    }

    /** S13: one queue and two members, so one of them has nothing to read. It ended at the first refusal. */
    @Test
    void aMemberThatHasNothingToReadLivesThroughARotationToo() {
        try (MessagingClient publishing = twoMembers("standby");
                // The one queue goes to the member whose name comes first.
                MessagingClient active = client("a", "standby", "secret-2");
                MessagingClient standby = client("b", "standby", "secret-2")) {
            Publisher<String> publisher = publishing.publisher("standby", Codecs.string());
            publish(publisher, "first");
            Subscription first = subscribe(active, "standby", "readers");
            await().atMost(PATIENCE).until(() -> handled.contains("first"));
            Subscription second = subscribe(standby, "standby", "readers");
            awaitMembers("standby", second);
            publish(publisher, "joined");
            await().atMost(PATIENCE).until(() -> handled.contains("joined"));
            server.disallow("standby", "Group:readers");
            server.disallow("standby", "Topic:standby");
            try {
                await().atMost(PATIENCE).until(() -> count(AccessRefused.class) >= 2);
            } finally {
                server.allow("standby", "Topic:standby", "Sub", "Get");
                server.allow("standby", "Group:readers", "Sub");
            }
            publish(publisher, "second");
            await().atMost(PATIENCE).until(() -> handled.contains("second"));
            assertThat(second.state()).isEqualTo(Subscription.State.RUNNING);
            first.close(ofSeconds(10));
            publish(publisher, "third");
            await().atMost(PATIENCE).until(() -> handled.contains("third"));
            assertThat(handled).containsExactly("first", "joined", "second", "third");
        }
    }

    /** The old password is not given back: a standby member reports that as the active one does. */
    @Test
    @Tag("slow")
    void activeAndStandbyMembersEndWhereThePasswordStaysWrong() {
        try (MessagingClient publishing = twoMembers("ended");
                MessagingClient active = client("a", "ended", "secret-2");
                MessagingClient standby = client("b", "ended", "secret-2")) {
            publish(publishing.publisher("ended", Codecs.string()), "first");
            Subscription first = subscribe(active, "ended", "readers");
            await().atMost(PATIENCE).until(() -> handled.contains("first"));
            Subscription second = subscribe(standby, "ended", "readers");
            awaitMembers("ended", second);
            server.changePassword("ended", "secret-3");
            for (Subscription each : List.of(first, second)) {
                await().atMost(AccessPatience.PATIENCE.plus(PATIENCE))
                        .until(() -> each.state() == Subscription.State.FAILED);
                assertThat(each.failure().orElseThrow())
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("credentials");
            }
        }
    }

    /** A destination of one queue, a user of that name who may read it, and a client that may write to it. */
    private MessagingClient twoMembers(String name) {
        server.createTopic(name, 1);
        server.createTopic(name + "%2Ereaders%2Edlq", 1);
        server.createUser(name, "secret-2", "Topic:" + name, "Sub", "Get");
        server.allow(name, "Group:readers", "Sub");
        server.createUser(name + "-publisher", "secret-1", "Topic:" + name, "Pub");
        return client(name + "-publisher", "secret-1");
    }

    private static void awaitMembers(String topic, Subscription last) {
        await().atMost(PATIENCE).until(() -> last.state() == Subscription.State.RUNNING);
        await().atMost(PATIENCE)
                .until(() -> server.members(0, "readers").stream()
                                .filter(id -> id.contains("@" + topic + "#"))
                                .count()
                        == 2);
    }

    /** The library would keep one set of certificates for the whole JVM. */
    @Test
    @Tag("slow")
    void hasCertificatesOfItsOwnBesideOtherClients() {
        Tls stores = Tls.trusting(certificates.trustStore(), certificates.password())
                .identity(certificates.clientStore(), certificates.password())
                .withoutHostNameCheck();
        try (BrokerTransport one = rocket.credentials("publisher", "secret-1").open("one");
                BrokerTransport two =
                        rocket.tls(stores).credentials("publisher", "secret-1").open("two");
                BrokerTransport open =
                        Rocket.at(RocketRig.server().nameServer()).open("open")) {
            assertThat(one.exists("orders")).isTrue();
            assertThat(two.exists("orders")).isTrue();
            assertThat(open.exists("orders")).isFalse();
        }
    }

    private MessagingClient client(String user, String secret) {
        return client("it", user, secret);
    }

    private MessagingClient client(String id, String user, String secret) {
        return MessagingClient.builder()
                .clientId(id)
                .profile(Profile.DEV)
                .transport(rocket.credentials(user, secret))
                .idempotency(InProcessIdempotency.create())
                .eventListener(events::add)
                .build();
    }

    private Subscription subscribe(MessagingClient client, String group) {
        return subscribe(client, "orders", group);
    }

    private Subscription subscribe(MessagingClient client, String destination, String group) {
        return client.subscription(destination, Codecs.string())
                .group(group)
                .handler(delivery -> handled.add(delivery.body()))
                .start();
    }

    private static void publish(Publisher<String> publisher, String body) {
        publisher.publish(OutboundMessage.of(body).id(body).key("k")).join();
    }

    private long count(Class<? extends MessagingEvent> event) {
        return events.stream().filter(event::isInstance).count();
    }
}
