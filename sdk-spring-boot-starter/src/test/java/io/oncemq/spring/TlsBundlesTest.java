package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class TlsBundlesTest {
    private static final String PEM = "spring.ssl.bundle.pem.shop.";
    private static final String JKS = "spring.ssl.bundle.jks.shop.";

    private final MockEnvironment environment = new MockEnvironment();
    private final ClientProperties client = new ClientProperties();

    private Tls applied(String section, TlsProperties tls) {
        return Objects.requireNonNull(new TlsSettings(environment).of("oncemq." + section, tls));
    }

    private String transport(String uri) {
        BrokerKind kind = BrokerKind.ofScheme(uri.substring(0, uri.indexOf(':')));
        assertThat(kind).isNotNull();
        return kind.ofUri("oncemq.transport", uri, "oncemq.", client, new TlsSettings(environment))
                .toString();
    }

    @Test
    void filesInPemAreThoseOfTheClient() {
        environment.setProperty(PEM + "truststore.certificate", "/etc/shop/ca.pem");
        environment.setProperty(PEM + "keystore.certificate", "file:/etc/shop/own.pem");
        environment.setProperty(PEM + "keystore.private-key", "/etc/shop/own.key");
        client.getRabbit().getTls().setBundle("shop");
        assertThat(transport("amqp://h:1"))
                .contains("trusting " + Path.of("/etc/shop/ca.pem"), "as /etc/shop/own.pem with /etc/shop/own.key");
        assertThat(transport("kafka://h:1")).as("which names no bundle").doesNotContain("ca.pem");
    }

    @Test
    void storesWithPasswordsAreThoseOfTheClient() {
        environment.setProperty(JKS + "truststore.location", "/etc/shop/ca.p12");
        environment.setProperty(JKS + "truststore.password", "s3cret");
        environment.setProperty(JKS + "keystore.location", "/etc/shop/own.p12");
        environment.setProperty(JKS + "keystore.password", "s3cret");
        client.getRocket().getTls().setBundle("shop");
        client.getRocket().getTls().setHostNameCheck(false);
        Tls tls = applied("rocket.", client.getRocket().getTls());
        assertThat(tls.trust().orElseThrow().password()).isEqualTo("s3cret");
        assertThat(tls.identity().orElseThrow().password()).isEqualTo("s3cret");
        assertThat(transport("rocketmq://h:1"))
                .contains("trusting /etc/shop/ca.p12", "as /etc/shop/own.p12")
                .doesNotContain("s3cret");
    }

    @Test
    void aBundleWithoutAuthoritiesTrustsThoseOfTheJdk() {
        environment.setProperty(PEM + "keystore.certificate", "/etc/shop/both.pem");
        client.getRabbit().getTls().setBundle("shop");
        assertThat(transport("amqp://h:1")).contains("the JDK's authorities", "as /etc/shop/both.pem with");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PEM + "truststore.certificate=-----BEGIN CERTIFICATE-----",
                PEM + "truststore.certificate=https://shop/ca.pem",
                PEM + "keystore.private-key-password=s3cret",
                PEM + "key.alias=own",
                PEM + "key.password=s3cret",
                PEM + "options.ciphers=TLS_AES_128_GCM_SHA256",
                PEM + "options.enabled-protocols=TLSv1.3",
                PEM + "protocol=TLSv1.2",
                JKS + "truststore.location=/etc/shop/ca.p12",
                JKS + "keystore.location=/etc/shop/own.p12",
            })
    void whatCannotBeTakenOverIsRefusedByItsName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        environment.setProperty(name, setting.substring(name.length() + 1));
        client.getRedis().getTls().setBundle("shop");
        assertThatThrownBy(() -> applied("redis.", client.getRedis().getTls()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("oncemq.redis.tls.bundle = shop: cannot be used: spring.ssl.bundle.")
                .hasMessageContaining(
                        name.startsWith(PEM) ? name : JKS + (name.contains("trust") ? "truststore" : "keystore"))
                .hasMessageContaining("oncemq.redis.tls.trust")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aBundleOfActiveMqIsThatOfTheClient() {
        environment.setProperty(PEM + "truststore.certificate", "/etc/shop/ca.pem");
        client.getArtemis().getTls().setBundle("shop");
        client.getActivemq().getTls().setBundle("shop");
        assertThat(transport("artemis://h:1")).contains("trusting /etc/shop/ca.pem");
        assertThat(transport("activemq://h:1")).contains("trusting /etc/shop/ca.pem");
    }

    @Test
    void propertiesAreReadAgainWithTheSameResult() {
        environment.setProperty(JKS + "truststore.location", "/etc/shop/ca.p12");
        environment.setProperty(JKS + "truststore.password", "s3cret");
        client.getRedis().getTls().setBundle("shop");
        String first = applied("redis.", client.getRedis().getTls()).toString();
        assertThat(applied("redis.", client.getRedis().getTls())).hasToString(first);
        assertThat(client.getRedis().getTls().getTrust()).isNull();
        assertThat(client.getRedis().getTls().getTrustPassword()).isNull();
        assertThat(client.getRedis().getTls().getEnabled()).isNull();
    }

    @Test
    void aBundleThatIsNotThereIsRefused() {
        client.getKafka().getTls().setBundle("shop");
        assertThatThrownBy(() -> applied("kafka.", client.getKafka().getTls()))
                .hasMessageStartingWith("oncemq.kafka.tls.bundle = shop: is not among")
                .hasMessageContaining("spring.ssl.bundle.pem.shop");
    }

    @Test
    void aBundleBesideFilesIsRefused() {
        client.getKafka().getTls().setBundle("shop");
        client.getKafka().getTls().setTrust(Path.of("ca.pem"));
        assertThatThrownBy(() -> applied("kafka.", client.getKafka().getTls()))
                .hasMessageStartingWith("oncemq.kafka.tls.bundle = shop: is set together with oncemq.kafka.tls.trust");
    }

    @Test
    void applicationsNameTheBundleOfANamedClient() {
        Toys.bare()
                .withPropertyValues(
                        "oncemq.clients.audit.transport=kafka://localhost:1",
                        "oncemq.clients.audit.without-idempotency=true",
                        "oncemq.clients.audit.kafka.tls.bundle=shop")
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .contains("oncemq.clients.audit.kafka.tls.bundle = shop"));
    }
}
