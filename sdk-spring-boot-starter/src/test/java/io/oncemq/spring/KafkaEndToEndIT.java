package io.oncemq.spring;

import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.LeakCheck;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.support.GenericApplicationContext;

@ExtendWith(LeakCheck.class)
class KafkaEndToEndIT extends EndToEnd {
    private final KafkaServer kafka = KafkaServer.builder().build();

    @Override
    void connect(GenericApplicationContext context) {
        context.registerBean(KafkaConnectionDetails.class, () -> () -> List.of(kafka.bootstrap()));
    }

    @Override
    void startBroker() {
        kafka.start();
    }

    @Override
    void stopBroker() {
        kafka.kill();
    }

    @Override
    void closeBroker() {
        kafka.close();
    }

    @Override
    int columnOfThePage() {
        return 2;
    }
}
