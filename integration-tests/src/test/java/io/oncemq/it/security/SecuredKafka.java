package io.oncemq.it.security;

import io.oncemq.Tls;
import io.oncemq.kafka.BearerToken;
import io.oncemq.kafka.Kafka;
import io.oncemq.testkit.server.KafkaSecurity;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.SecuredListener;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker with every kind of listener, for all tests of this package that do not stop it. */
final class SecuredKafka {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final class Holder {
        static final KafkaServer SERVER = KafkaServer.secured();
    }

    private SecuredKafka() {}

    static KafkaServer server() {
        return Holder.SERVER;
    }

    static KafkaSecurity security() {
        return Holder.SERVER.security();
    }

    static TestCertificates certificates() {
        return security().certificates();
    }

    static Kafka at(SecuredListener listener) {
        return Kafka.at(security().bootstrap(listener));
    }

    static Tls trusting() {
        return Tls.trusting(certificates().authority());
    }

    static String name(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /** As Kafka's unsecured validator takes it: a JWT without a signature. */
    static BearerToken unsignedToken(Duration validFor) {
        Instant now = Instant.now();
        Instant until = now.plus(validFor);
        String claims =
                "{\"sub\":\"carol\",\"iat\":" + now.getEpochSecond() + ",\"exp\":" + until.getEpochSecond() + "}";
        return new BearerToken(base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".", until);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
