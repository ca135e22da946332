package io.oncemq.spring;

import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.LeakCheck;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.artemis.autoconfigure.ArtemisConnectionDetails;
import org.springframework.boot.artemis.autoconfigure.ArtemisMode;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Over TLS with a client certificate from an SSL bundle; address and login are Boot's connection details. */
@ExtendWith(LeakCheck.class)
class ArtemisEndToEndIT extends EndToEnd {
    private static final String[] PERMISSIONS = {
        "createAddress",
        "createDurableQueue",
        "createNonDurableQueue",
        "deleteNonDurableQueue",
        "send",
        "consume",
        "browse",
        "manage"
    };

    private final TestCertificates certificates;
    private final ArtemisServer artemis;

    ArtemisEndToEndIT(@TempDir Path folder) {
        certificates = TestCertificates.in(folder);
        artemis = ArtemisServer.builder().tls(certificates).accessControl().build();
        artemis.createUser("shop", "s3cret", PERMISSIONS);
    }

    @Override
    void connect(GenericApplicationContext context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("tls", tlsOf("artemis", certificates)));
        context.registerBean(ArtemisConnectionDetails.class, () -> new ArtemisAt(artemis.tlsPort()));
    }

    static Map<String, Object> tlsOf(String section, TestCertificates certificates) {
        return Map.of(
                "oncemq." + section + ".tls.bundle",
                "servers",
                "spring.ssl.bundle.pem.servers.truststore.certificate",
                certificates.authority().toString(),
                "spring.ssl.bundle.pem.servers.keystore.certificate",
                certificates.clientCertificate().toString(),
                "spring.ssl.bundle.pem.servers.keystore.private-key",
                certificates.clientKey().toString());
    }

    private record ArtemisAt(int port) implements ArtemisConnectionDetails {
        @Override
        public ArtemisMode getMode() {
            return ArtemisMode.NATIVE;
        }

        @Override
        public String getBrokerUrl() {
            return "tcp://localhost:" + port + "?sslEnabled=true";
        }

        @Override
        public String getUser() {
            return "shop";
        }

        @Override
        public String getPassword() {
            return "s3cret";
        }
    }

    @Override
    void startBroker() {
        artemis.start();
    }

    @Override
    void stopBroker() {
        artemis.kill();
    }

    @Override
    void closeBroker() {
        artemis.close();
    }

    @Override
    int columnOfThePage() {
        return 5;
    }
}
