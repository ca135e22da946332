package io.oncemq.spring;

import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.LeakCheck;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.activemq.autoconfigure.ActiveMQConnectionDetails;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Over TLS with a client certificate from an SSL bundle; address and login are Boot's connection details. */
@ExtendWith(LeakCheck.class)
class ActiveMqEndToEndIT extends EndToEnd {
    private final TestCertificates certificates;
    private final ActiveMqServer activemq;

    ActiveMqEndToEndIT(@TempDir Path folder) {
        certificates = TestCertificates.in(folder);
        ActiveMqServer.Builder builder =
                ActiveMqServer.builder().tls(certificates).user("shop", "s3cret");
        for (String operation : new String[] {"read", "write", "admin"}) {
            builder.permit("shop", operation, "queue://>").permit("shop", operation, "topic://>");
        }
        activemq = builder.build();
    }

    @Override
    void connect(GenericApplicationContext context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("tls", ArtemisEndToEndIT.tlsOf("activemq", certificates)));
        context.registerBean(ActiveMQConnectionDetails.class, () -> new ActiveMqAt(activemq.tlsPort()));
    }

    private record ActiveMqAt(int port) implements ActiveMQConnectionDetails {
        @Override
        public String getBrokerUrl() {
            return "ssl://localhost:" + port;
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

    /** The broker reports its backlog over JMX only. */
    @Override
    boolean reportsBacklog() {
        return false;
    }

    @Override
    void startBroker() {
        activemq.start();
    }

    @Override
    void stopBroker() {
        activemq.kill();
    }

    @Override
    void closeBroker() {
        activemq.close();
    }

    @Override
    int columnOfThePage() {
        return 6;
    }
}
