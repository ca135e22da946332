package io.oncemq.spring;

import java.util.Arrays;
import java.util.Optional;

/** A library that OnceMQ calls, and the property by which Spring Boot's parent chooses its version. */
enum ClientVersion {
    JACKSON_ANNOTATIONS("com.fasterxml.jackson.annotation.", "jackson-2-bom.version", "2.22.0"),
    JACKSON("tools.jackson.", "jackson-bom.version", "3.1.7"),
    JEDIS("redis.clients.jedis.", "jedis.version", "7.0.0"),
    KAFKA("org.apache.kafka.", "kafka.version", "4.1.2"),
    RABBIT("com.rabbitmq.client.", "rabbit-amqp-client.version", "5.27.1"),
    ARTEMIS("org.apache.activemq.artemis.", "artemis.version", "2.43.0"),
    CLASSIC("org.apache.activemq.", "activemq.version", "6.1.8"),
    MICROMETER("io.micrometer.", "micrometer.version", "1.16.8");

    private final String classes;
    private final String property;
    private final String oldest;

    ClientVersion(String classes, String property, String oldest) {
        this.classes = classes;
        this.property = property;
        this.oldest = oldest;
    }

    /** The library that the class belongs to. */
    static Optional<ClientVersion> of(String className) {
        return Arrays.stream(values())
                .filter(each -> className.startsWith(each.classes))
                .findFirst();
    }

    String property() {
        return property;
    }

    /** The oldest version that OnceMQ is tested with. */
    String oldest() {
        return oldest;
    }
}
