package io.oncemq.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import io.oncemq.Subscription;
import io.oncemq.Tls;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.kafka.BearerToken;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.KafkaSecurity;
import io.oncemq.testkit.server.SecuredListener;
import io.oncemq.testkit.server.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Publish, claim, handle, acknowledge through each listener and each way of saying who one is. */
class KafkaSecuredRoundTripIT {
    private static final int MESSAGES = 40;

    static Stream<org.junit.jupiter.params.provider.Arguments> ways() {
        KafkaSecurity security = SecuredKafka.security();
        TestCertificates files = security.certificates();
        Tls tls = SecuredKafka.trusting();
        Kafka sasl = SecuredKafka.at(SecuredListener.SASL);
        Kafka saslTls = SecuredKafka.at(SecuredListener.SASL_TLS).tls(tls);
        Kafka mutual = SecuredKafka.at(SecuredListener.MUTUAL_TLS);
        String user = security.user();
        String password = security.password();
        return Stream.of(
                arguments("TLS", SecuredKafka.at(SecuredListener.TLS).tls(tls)),
                arguments(
                        "TLS with a trust store",
                        SecuredKafka.at(SecuredListener.TLS).tls(Tls.trusting(files.trustStore(), files.password()))),
                arguments(
                        "mutual TLS with PEM files",
                        mutual.tls(tls.identity(files.clientCertificate(), files.clientKey()))),
                arguments(
                        "mutual TLS with a key store", mutual.tls(tls.identity(files.clientStore(), files.password()))),
                arguments("PLAIN over TLS", saslTls.plain(user, password)),
                arguments("SCRAM-SHA-256 over TLS", saslTls.scramSha256(user, password)),
                arguments("SCRAM-SHA-512 over TLS", saslTls.scram(user, password)),
                arguments("SCRAM-SHA-512", sasl.scram(user, password)),
                arguments(
                        "OAUTHBEARER over TLS",
                        saslTls.oauthBearer(() -> SecuredKafka.unsignedToken(Duration.ofMinutes(5)))),
                arguments("properties of the client", byProperties()));
    }

    private static Kafka byProperties() {
        Kafka kafka = SecuredKafka.at(SecuredListener.SASL_TLS);
        for (Map.Entry<String, Object> each : SecuredKafka.security()
                .clientProperties(SecuredListener.SASL_TLS)
                .entrySet()) {
            if (!each.getKey().equals("bootstrap.servers")) {
                kafka = kafka.clientProperty(each.getKey(), each.getValue());
            }
        }
        return kafka;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void handlesEachMessageOnceAndAcknowledgesIt(String way, Kafka kafka) throws Exception {
        assertRoundTrip(kafka);
    }

    /** Quotes, backslashes and letters beyond ASCII must survive the text that Kafka wants a login in. */
    @Test
    void takesAPasswordWithEveryKindOfCharacter() throws Exception {
        String password = "p\"a\\ss; 'wörd' =,\n\\n $x €";
        try (Admin admin = admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                    .all()
                    .get();
        }
        assertRoundTrip(SecuredKafka.at(SecuredListener.SASL).scram("bob", password));
    }

    @Test
    void asksForATokenAgainBeforeTheOldOneExpires() throws Exception {
        ConcurrentLinkedQueue<String> given = new ConcurrentLinkedQueue<>();
        Kafka kafka = SecuredKafka.at(SecuredListener.SASL)
                .oauthBearer(() -> {
                    var token = SecuredKafka.unsignedToken(Duration.ofSeconds(given.isEmpty() ? 4 : 300));
                    given.add(token.value());
                    return token;
                })
                .clientProperty("sasl.login.refresh.min.period.seconds", (short) 0)
                .clientProperty("sasl.login.refresh.buffer.seconds", (short) 1);
        try (MessagingClient client = client(kafka)) {
            assertThat(client.capabilities()).isNotNull();
            await().atMost(Duration.ofSeconds(30)).until(() -> given.size() >= 2);
        }
    }

    /** Kafka shares one login among clients with equal login texts. */
    @Test
    void eachClientAsksItsOwnSupplierOfTokens() {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        Kafka sasl = SecuredKafka.at(SecuredListener.SASL);
        try (MessagingClient one = client(sasl.oauthBearer(() -> token("one", asked)));
                MessagingClient other = client(sasl.oauthBearer(() -> token("other", asked)))) {
            assertThat(one).isNotSameAs(other);
            assertThat(asked).contains("one", "other");
        }
    }

    private static BearerToken token(String supplier, Queue<String> asked) {
        asked.add(supplier);
        return SecuredKafka.unsignedToken(Duration.ofMinutes(5));
    }

    @Test
    void printsNoCredentialWhileItWorks() throws Exception {
        KafkaSecurity security = SecuredKafka.security();
        TestCertificates files = security.certificates();
        ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream err = System.err;
        PrintStream out = System.out;
        System.setErr(new PrintStream(printed, true));
        System.setOut(new PrintStream(printed, true));
        try {
            Tls tls = SecuredKafka.trusting().identity(files.clientStore(), files.password());
            assertRoundTrip(SecuredKafka.at(SecuredListener.MUTUAL_TLS).tls(tls));
            Tls pem = SecuredKafka.trusting().identity(files.clientCertificate(), files.clientKey());
            assertRoundTrip(SecuredKafka.at(SecuredListener.MUTUAL_TLS).tls(pem));
            assertRoundTrip(SecuredKafka.at(SecuredListener.SASL).scram(security.user(), security.password()));
            assertRoundTrip(SecuredKafka.at(SecuredListener.SASL).oauthBearer(() -> {
                var token = SecuredKafka.unsignedToken(Duration.ofMinutes(5));
                tokens.add(token.value());
                return token;
            }));
        } finally {
            System.setErr(err);
            System.setOut(out);
        }
        String key = java.nio.file.Files.readString(files.clientKey())
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();
        assertThat(printed.toString())
                .contains("ssl.keystore.password = [hidden]")
                .doesNotContain(security.password())
                .doesNotContain(files.password())
                .doesNotContain(key)
                .doesNotContain(tokens);
    }

    private static void assertRoundTrip(Kafka kafka) throws Exception {
        String topic = SecuredKafka.name("secured");
        ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
        try (MessagingClient client = client(kafka)) {
            client.ensure(DestinationSpec.of(topic).partitions(1).group("g"));
            Publisher<String> publisher = client.publisher(topic, Codecs.string());
            List<CompletableFuture<Receipt>> receipts = IntStream.range(0, MESSAGES)
                    .mapToObj(i -> publisher.publish(
                            OutboundMessage.of("m" + i).id("id-" + i).key("k" + i % 3)))
                    .toList();
            receipts.forEach(CompletableFuture::join);
            publisher.publish(OutboundMessage.of("again").id("id-0").key("k0")).join();
            try (Subscription ignored = client.subscribe(topic, Codecs.string())
                    .group("g")
                    .handle(delivery -> handled.add(delivery.body()))) {
                await().atMost(Duration.ofSeconds(30)).until(() -> handled.size() >= MESSAGES);
            }
        }
        assertThat(handled)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList());
        assertThat(committed(topic)).isEqualTo(MESSAGES + 1);
    }

    private static MessagingClient client(Kafka kafka) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(kafka)
                .idempotency(InProcessIdempotency.create())
                .build();
    }

    private static long committed(String topic) throws Exception {
        try (Admin admin = admin()) {
            Map<?, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets("g")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return offsets.entrySet().stream()
                    .filter(each -> each.getKey().toString().equals(topic + "-0"))
                    .mapToLong(each -> each.getValue().offset())
                    .sum();
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", SecuredKafka.server().bootstrap()));
    }
}
