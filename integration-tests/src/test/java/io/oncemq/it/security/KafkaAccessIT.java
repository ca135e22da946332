package io.oncemq.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.Tls;
import io.oncemq.kafka.BearerToken;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.KafkaSecurity;
import io.oncemq.testkit.server.SecuredListener;
import io.oncemq.testkit.server.TestCertificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way of not getting in ends the build of a client soon, with the setting to look at, and without the credential. */
class KafkaAccessIT {
    private static final String WRONG = "hunter2-not-the-password";

    /** Far beyond what it takes; below the time after which a client would have given up by itself. */
    private static final Duration SOON = Duration.ofSeconds(30);

    static Stream<Arguments> refused() {
        KafkaSecurity security = SecuredKafka.security();
        TestCertificates files = security.certificates();
        Tls tls = SecuredKafka.trusting();
        String user = security.user();
        Kafka sasl = SecuredKafka.at(SecuredListener.SASL);
        Kafka saslTls = SecuredKafka.at(SecuredListener.SASL_TLS);
        Kafka oneWay = SecuredKafka.at(SecuredListener.TLS);
        Kafka mutual = SecuredKafka.at(SecuredListener.MUTUAL_TLS);
        Kafka byAddress = Kafka.at("127.0.0.1:" + security.port(SecuredListener.TLS));
        return Stream.of(
                arguments("wrong SCRAM password", sasl.scram(user, WRONG), "sasl.jaas.config"),
                arguments("wrong PLAIN password", saslTls.tls(tls).plain(user, WRONG), "sasl.jaas.config"),
                arguments("unknown user", saslTls.tls(tls).scramSha256("mallory", WRONG), "sasl.jaas.config"),
                arguments("token that is none", sasl.oauthBearer(() -> token(WRONG)), "sasl.jaas.config"),
                arguments("supplier that throws", sasl.oauthBearer(KafkaAccessIT::noToken), "sasl.jaas.config"),
                arguments("authority not trusted", oneWay.tls(Tls.trusting(files.otherAuthority())), "ssl.truststore"),
                arguments("not trusted by the JDK", oneWay.tls(Tls.systemTrust()), "ssl.truststore"),
                arguments("wrong host name", byAddress.tls(tls), "ssl.endpoint.identification.algorithm"),
                arguments("no client certificate", mutual.tls(tls), "ssl.keystore"),
                arguments(
                        "client certificate of a stranger",
                        mutual.tls(tls.identity(files.strangerStore(), files.password())),
                        "ssl.keystore"),
                arguments(
                        "login where none is asked for",
                        Kafka.at(SecuredKafka.server().bootstrap()).scram(user, WRONG),
                        "security.protocol"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void namesTheSettingThatLetsNobodyIn(String what, Kafka kafka, String property) {
        Throwable error = failure(kafka);
        assertThat(error).isInstanceOfSatisfying(AuthenticationException.class, refused -> {
            assertThat(refused.property()).contains(property);
            assertThat(refused.value()).isPresent();
            assertThat(refused.remedy()).isPresent();
        });
        assertThat(printed(error)).doesNotContain(WRONG);
    }

    static Stream<Arguments> misunderstood() {
        Tls tls = SecuredKafka.trusting();
        Kafka plain = Kafka.at(SecuredKafka.server().bootstrap());
        return Stream.of(
                arguments("plain client, TLS port", SecuredKafka.at(SecuredListener.TLS), "speaks TLS"),
                arguments(
                        "login in the clear, TLS port",
                        SecuredKafka.at(SecuredListener.SASL_TLS).scram("alice", WRONG),
                        "speaks TLS"),
                arguments("plain client, mutual TLS port", SecuredKafka.at(SecuredListener.MUTUAL_TLS), "speaks TLS"),
                arguments("no login, SASL port", SecuredKafka.at(SecuredListener.SASL), "asks for a login"),
                arguments(
                        "TLS without login, SASL port",
                        SecuredKafka.at(SecuredListener.SASL_TLS).tls(tls),
                        "asks for a login"),
                arguments("TLS client, plain port", plain.tls(tls), "does not speak TLS"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misunderstood")
    void saysWhatThePortSpeaks(String what, Kafka kafka, String problem) {
        // A broker that is too busy to answer within 2 s is not judged.
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(failure(kafka))
                        .isInstanceOfSatisfying(ConfigurationException.class, refused -> {
                            assertThat(refused.property()).isEqualTo("security.protocol");
                            assertThat(refused).hasMessageContaining(problem);
                            assertThat(refused.remedy()).isNotBlank();
                            assertThat(printed(refused)).doesNotContain(WRONG);
                        }));
    }

    static Stream<Arguments> unusableFiles() {
        TestCertificates files = SecuredKafka.certificates();
        Tls tls = SecuredKafka.trusting();
        Path missing = Path.of("no-such-file.pem");
        return Stream.of(
                arguments("missing trust", Tls.trusting(missing), "tls.trust"),
                arguments("password of another store", Tls.trusting(files.trustStore(), WRONG), "tls.trust"),
                arguments("store without its password", Tls.trusting(files.trustStore()), "tls.trust"),
                arguments("PEM with a password", Tls.trusting(files.authority(), WRONG), "tls.trust"),
                arguments("key where certificates belong", Tls.trusting(files.clientKey()), "tls.trust"),
                arguments("missing key", tls.identity(files.clientCertificate(), missing), "tls.identity"),
                arguments(
                        "certificate where the key belongs",
                        tls.identity(files.clientCertificate(), files.clientCertificate()),
                        "tls.identity"),
                arguments("key store's password", tls.identity(files.clientStore(), WRONG), "tls.identity"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusableFiles")
    void namesTheFileThatCannotBeUsed(String what, Tls tls, String property) {
        Throwable error = failure(SecuredKafka.at(SecuredListener.TLS).tls(tls));
        assertThat(error).isInstanceOfSatisfying(ConfigurationException.class, refused -> {
            assertThat(refused.property()).isEqualTo(property);
            assertThat(refused.remedy()).isNotBlank();
        });
        assertThat(printed(error)).doesNotContain(WRONG);
    }

    private static Throwable failure(Kafka kafka) {
        return assertTimeoutPreemptively(
                SOON,
                () -> catchThrowable(() -> MessagingClient.builder()
                        .profile(Profile.DEV)
                        .transport(kafka)
                        .withoutIdempotency()
                        .build()
                        .close()));
    }

    private static BearerToken token(String value) {
        return new BearerToken(value, Instant.now().plusSeconds(60));
    }

    private static BearerToken noToken() {
        throw new IllegalStateException("no token for " + WRONG);
    }

    private static String printed(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
