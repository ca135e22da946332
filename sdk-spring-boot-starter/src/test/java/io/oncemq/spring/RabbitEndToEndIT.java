package io.oncemq.spring;

import io.oncemq.testkit.server.LeakCheck;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.support.GenericApplicationContext;

@NeedsRabbit
@ExtendWith(LeakCheck.class)
class RabbitEndToEndIT extends EndToEnd {
    private final RabbitServer rabbit = RabbitServer.builder().build();

    @Override
    void connect(GenericApplicationContext context) {
        context.registerBean(RabbitConnectionDetails.class, () -> new RabbitAt(rabbit));
    }

    private record RabbitAt(RabbitServer rabbit) implements RabbitConnectionDetails {
        @Override
        public String getUsername() {
            return rabbit.user();
        }

        @Override
        public String getPassword() {
            return rabbit.password();
        }

        @Override
        public List<Address> getAddresses() {
            return List.of(new Address("127.0.0.1", rabbit.port()));
        }
    }

    @Override
    void startBroker() {
        rabbit.start();
    }

    @Override
    void stopBroker() {
        rabbit.settle();
        rabbit.kill();
    }

    @Override
    void closeBroker() {
        rabbit.close();
    }

    @Override
    int columnOfThePage() {
        return 3;
    }
}
