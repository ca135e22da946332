package io.oncemq.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** The client settings that both sides use, named one by one so that no default can differ. */
final class KafkaSettings {
    private KafkaSettings() {}

    static Map<String, String> producer() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("linger.ms", "5");
        settings.put("batch.size", "65536");
        settings.put("buffer.memory", "33554432");
        settings.put("compression.type", "none");
        settings.put("max.in.flight.requests.per.connection", "5");
        return settings;
    }

    static Map<String, Object> rawProducer(String bootstrap) {
        Map<String, Object> settings = new LinkedHashMap<>(producer());
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        return settings;
    }

    static Map<String, String> consumer() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("max.poll.records", "2000");
        settings.put("fetch.min.bytes", "1");
        settings.put("fetch.max.wait.ms", "500");
        settings.put("fetch.max.bytes", "52428800");
        settings.put("max.partition.fetch.bytes", "1048576");
        return settings;
    }

    /** Commits by itself: of all ways to commit at least once the cheapest for a loop. */
    static Map<String, Object> rawConsumer(String bootstrap, String group) {
        Map<String, Object> settings = new LinkedHashMap<>(consumer());
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("group.protocol", "classic");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "true");
        settings.put("auto.commit.interval.ms", "1000");
        return settings;
    }
}
