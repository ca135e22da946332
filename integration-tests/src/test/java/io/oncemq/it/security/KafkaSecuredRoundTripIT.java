package io.oncemq.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oncemq.MessagingClient;
import io.oncemq.Tls;
import io.oncemq.kafka.BearerToken;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.testkit.server.KafkaSecurity;
import io.oncemq.testkit.server.SecuredListener;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Publish, claim, handle, acknowledge through each listener and each way of saying who one is. */
class KafkaSecuredRoundTripIT {
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
        SecuredRoundTrip.assertWorks(kafka);
    }

    /** Quotes, backslashes and letters beyond ASCII must survive the text that Kafka wants a login in. */
    @Test
    void takesAPasswordWithEveryKindOfCharacter() throws Exception {
        String password = "p\"a\\ss; 'wörd' =,\n\\n $x €";
        try (Admin admin = SecuredRoundTrip.admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                    .all()
                    .get();
        }
        Kafka bob = SecuredKafka.at(SecuredListener.SASL).scram("bob", password);
        SecuredRoundTrip.awaitLogin(bob);
        SecuredRoundTrip.assertWorks(bob);
    }

    @Test
    @Tag("slow")
    void asksForATokenAgainBeforeTheOldOneExpires() throws Exception {
        ConcurrentLinkedQueue<String> given = new ConcurrentLinkedQueue<>();
        Kafka kafka = SecuredKafka.at(SecuredListener.SASL)
                .oauthBearer(() -> {
                    var token = SecuredKafka.unsignedToken(Duration.ofSeconds(given.isEmpty() ? 15 : 300));
                    given.add(token.value());
                    return token;
                })
                .clientProperty("sasl.login.refresh.min.period.seconds", (short) 0)
                .clientProperty("sasl.login.refresh.buffer.seconds", (short) 1);
        try (MessagingClient client = SecuredRoundTrip.client(kafka)) {
            assertThat(client.capabilities()).isNotNull();
            await().atMost(Duration.ofSeconds(60)).until(() -> given.size() >= 2);
        }
    }

    /** Kafka shares one login among clients with equal login texts. */
    @Test
    void eachClientAsksItsOwnSupplierOfTokens() {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        Kafka sasl = SecuredKafka.at(SecuredListener.SASL);
        try (MessagingClient one = SecuredRoundTrip.client(sasl.oauthBearer(() -> token("one", asked)));
                MessagingClient other = SecuredRoundTrip.client(sasl.oauthBearer(() -> token("other", asked)))) {
            assertThat(one).isNotSameAs(other);
            assertThat(asked).contains("one", "other");
        }
    }

    private static BearerToken token(String supplier, Queue<String> asked) {
        asked.add(supplier);
        return SecuredKafka.unsignedToken(Duration.ofMinutes(5));
    }

    @Test
    @Tag("slow")
    void printsNoCredentialWhileItWorks(@TempDir Path folder) throws Exception {
        Path secrets = folder.resolve("secrets");
        Path log = folder.resolve("log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TalkativeRoundTrips.class.getName(),
                secrets.toString());
        try (ChildProcess child = ChildProcess.start(command, Map.of(), folder, log)) {
            assertThat(child.awaitExit(Duration.ofMinutes(5))).isTrue();
            assertThat(child.exitStatus()).as(child.logTail(50)).isZero();
        }
        assertThat(Files.readAllLines(secrets)).hasSizeGreaterThanOrEqualTo(4);
        assertThat(Files.readString(log))
                .contains("ssl.keystore.password = [hidden]")
                .doesNotContain(Files.readAllLines(secrets));
    }
}
