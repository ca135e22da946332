package io.oncemq.bench;

import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.Profile;
import io.oncemq.kafka.Kafka;
import java.util.Map;

/** Connects OnceMQ to the servers, with the client settings that the raw side has. */
final class OnceClients {
    private final Servers servers;

    OnceClients(Servers servers) {
        this.servers = servers;
    }

    MessagingClient withStore(boolean virtualThreads) {
        return builder()
                .virtualThreads(virtualThreads)
                .idempotency(servers.redisUri())
                .build();
    }

    MessagingClient withoutStore() {
        return withoutStore(false);
    }

    MessagingClient withoutStore(boolean virtualThreads) {
        return builder().virtualThreads(virtualThreads).withoutIdempotency().build();
    }

    private MessagingClientBuilder builder() {
        Kafka kafka = Kafka.at(servers.bootstrap());
        for (Map.Entry<String, String> setting : KafkaSettings.producer().entrySet()) {
            kafka = kafka.producerProperty(setting.getKey(), setting.getValue());
        }
        for (Map.Entry<String, String> setting : KafkaSettings.consumer().entrySet()) {
            kafka = kafka.consumerProperty(setting.getKey(), setting.getValue());
        }
        return MessagingClient.builder().profile(Profile.DEV).transport(kafka);
    }
}
