package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
class KafkaSecurityIT {
    private static final String MODULES = "org.apache.kafka.common.security.";

    private static KafkaServer kafka;
    private static KafkaSecurity security;

    @BeforeAll
    static void start() {
        kafka = KafkaServer.secured();
        security = kafka.security();
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    @ParameterizedTest
    @EnumSource
    void letsItsOwnClientIn(SecuredListener listener) throws Exception {
        assertThat(nodes(security.clientProperties(listener))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, plain.PlainLoginModule", "SCRAM-SHA-256, scram.ScramLoginModule"})
    void knowsItsUserInEveryMechanism(String mechanism, String module) throws Exception {
        String login = " required username=\"" + security.user() + "\" password=\"" + security.password() + "\";";
        assertThat(nodes(with(SecuredListener.SASL_TLS, mechanism, module + login)))
                .isEqualTo(1);
        assertThatThrownBy(() -> nodes(with(
                        SecuredListener.SASL_TLS,
                        mechanism,
                        module + " required username=\"" + security.user() + "\" password=\"other\";")))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void refusesAClientWithoutACertificateOfItsAuthority() {
        Map<String, Object> anonymous = new HashMap<>(security.clientProperties(SecuredListener.TLS));
        anonymous.put("bootstrap.servers", security.bootstrap(SecuredListener.MUTUAL_TLS));
        assertThatThrownBy(() -> nodes(anonymous)).hasCauseInstanceOf(SslAuthenticationException.class);
        Map<String, Object> stranger = new HashMap<>(security.clientProperties(SecuredListener.MUTUAL_TLS));
        stranger.put(
                "ssl.keystore.location", security.certificates().strangerStore().toString());
        assertThatThrownBy(() -> nodes(stranger)).hasCauseInstanceOf(SslAuthenticationException.class);
    }

    @Test
    void refusesThreeSecuredNodes() {
        assertThatThrownBy(() -> KafkaServer.builder().nodes(3).secured().build())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hasNoSecuredListenersUnlessAskedFor() {
        try (KafkaServer plain = KafkaServer.builder().build()) {
            assertThatThrownBy(plain::security).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void writesPemFilesThatOtherServersRead() throws Exception {
        for (Path file : new Path[] {
            security.certificates().authority(),
            security.certificates().serverCertificate(),
            security.certificates().clientCertificate()
        }) {
            assertThat(Files.readString(file)).startsWith("-----BEGIN CERTIFICATE-----\n");
        }
        assertThat(Files.readString(security.certificates().serverKey())).startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    private static Map<String, Object> with(SecuredListener listener, String mechanism, String login) {
        Map<String, Object> properties = new HashMap<>(security.clientProperties(listener));
        properties.put("sasl.mechanism", mechanism);
        properties.put("sasl.jaas.config", MODULES + login);
        return properties;
    }

    private static int nodes(Map<String, Object> properties) throws Exception {
        try (Admin admin = Admin.create(properties)) {
            return admin.describeCluster().nodes().get(60, TimeUnit.SECONDS).size();
        }
    }
}
