package io.oncemq.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.Subscription;
import io.oncemq.Subscription.State;
import io.oncemq.Tls;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.SecuredListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a client over TLS and SCRAM when the broker goes, or no longer takes its password. */
class KafkaAccessWhileRunningIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static KafkaServer kafka;
    private static TcpProxy proxy;
    private static Admin admin;

    private final ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private MessagingClient client;
    private Publisher<String> publisher;
    private Subscription subscription;

    @BeforeAll
    static void startServer() {
        // Longer, also after a restart, than a busy machine keeps a sound broker from its heartbeats.
        kafka = KafkaServer.builder()
                .secured()
                .config("broker.session.timeout.ms", 5_000)
                .build();
        proxy = TcpProxy.to(kafka.security().port(SecuredListener.SASL_TLS));
        kafka.security().advertise(SecuredListener.SASL_TLS, "localhost", proxy.port());
        kafka.start();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    @AfterAll
    static void stopServer() {
        admin.close();
        proxy.close();
        kafka.close();
    }

    @BeforeEach
    void connect() throws Exception {
        changePassword("dora's secret");
        client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(dora("dora's secret"))
                .idempotency(InProcessIdempotency.create())
                .eventListener(events::add)
                .build();
        String topic = SecuredKafka.name("running");
        client.ensure(DestinationSpec.builder(topic).partitions(2).group(topic).build());
        publisher = client.publisher(
                topic,
                Codecs.string(),
                PublisherOptions.builder().deadline(Duration.ofSeconds(5)).build());
        subscription = client.subscription(topic, Codecs.string())
                .group(topic)
                .handler(delivery -> {
                    handled.add(delivery.body());
                })
                .start();
        patient().publish(message("first")).join();
        await().atMost(PATIENT).until(() -> handled.contains("first"));
    }

    private static Kafka dora(String password) {
        return Kafka.at(kafka.security().bootstrap(SecuredListener.SASL_TLS))
                .tls(Tls.trusting(kafka.security().certificates().authority()))
                .scram("dora", password);
    }

    private Publisher<String> patient() {
        return client.publisher(
                publisher.destination(),
                Codecs.string(),
                PublisherOptions.builder().deadline(Duration.ofMinutes(2)).build());
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    @Tag("slow")
    void goesOnAfterTheBrokerWasKilledAndStartedAgain() {
        Publisher<String> patient = patient();
        List<String> sent = IntStream.range(0, 60).mapToObj(i -> "m" + i).toList();
        List<CompletableFuture<?>> receipts = new java.util.ArrayList<>();
        sent.subList(0, 30).forEach(each -> receipts.add(patient.publish(message(each))));
        kafka.kill();
        sent.subList(30, 60).forEach(each -> receipts.add(patient.publish(message(each))));
        kafka.start();
        receipts.forEach(CompletableFuture::join);
        await().atMost(PATIENT).until(() -> handled.containsAll(sent));
        assertThat(handled).doesNotHaveDuplicates();
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void waitsForAPasswordThatIsBeingChanged() throws Exception {
        refuseFromNowOn();
        await().atMost(PATIENT).until(() -> heard(AccessRefused.class));
        assertThat(subscription.state()).isEqualTo(State.RUNNING);

        // What the client had taken may be stored; what comes once the login is known to fail is certainly not.
        AtomicInteger refusals = new AtomicInteger();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        await().atMost(PATIENT).until(() -> {
            outcome.set(failureOf(publisher.publish(message("refused-" + refusals.incrementAndGet()))));
            return outcome.get() instanceof PublishRejectedException rejected
                    && rejected.getCause() instanceof AuthenticationException;
        });
        PublishRejectedException rejected = (PublishRejectedException) outcome.get();
        assertThat(rejected.reason()).isEqualTo(PublishRejectedException.Reason.NOT_ATTEMPTED);

        changePassword("dora's secret");
        await().atMost(PATIENT).until(() -> failureOf(publisher.publish(message("second"))) == null);
        await().atMost(PATIENT).until(() -> handled.contains("second") && heard(AccessRegained.class));
        assertThat(handled).containsOnlyOnce("first");
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
    }

    @Test
    @Tag("slow")
    void failsWhenThePasswordStaysWrong() throws Exception {
        refuseFromNowOn();
        assertThat(subscription.awaitTermination(Duration.ofMinutes(3))).isTrue();
        assertThat(subscription.state()).isEqualTo(State.FAILED);
        assertThat(subscription.failure()).containsInstanceOf(AuthenticationException.class);
        await().atMost(PATIENT).until(() -> heard(SubscriptionFailed.class));
        assertThat(events.stream().filter(AccessRefused.class::isInstance)).hasSize(1);
    }

    private static Throwable failureOf(CompletableFuture<Receipt> publish) {
        return publish.handle((receipt, failure) -> failure).join();
    }

    /** Connections that are open stay so; a new one has to log in. */
    private static void refuseFromNowOn() throws Exception {
        changePassword("another secret");
        proxy.reset();
    }

    private static void changePassword(String password) throws ExecutionException, InterruptedException {
        UserScramCredentialAlteration change = new UserScramCredentialUpsertion(
                "dora", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password);
        admin.alterUserScramCredentials(List.of(change)).all().get();
        SecuredRoundTrip.awaitLogin(dora(password));
    }

    private boolean heard(Class<?> type) {
        return events.stream().anyMatch(type::isInstance);
    }

    private static OutboundMessage<String> message(String body) {
        return OutboundMessage.of(body).id(body).key(body);
    }
}
