package io.oncemq.spring;

import io.oncemq.testkit.server.LeakCheck;
import io.oncemq.testkit.server.RocketServer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.support.GenericApplicationContext;

@ExtendWith(LeakCheck.class)
class RocketEndToEndIT extends EndToEnd {
    private boolean started;
    private final RocketServer rocket = RocketServer.builder().build();

    /** Boot has no details of a RocketMQ. */
    @Override
    void connect(GenericApplicationContext context) {
        context.registerBean(OnceMqConnectionDetails.class, () -> new OnceMqConnectionDetails() {
            @Override
            public String getTransport() {
                return "rocketmq://" + rocket.nameServer();
            }
        });
    }

    @Override
    void startBroker() {
        if (started) {
            rocket.restartBroker(0);
        } else {
            rocket.start();
            started = true;
        }
    }

    /** The name server stays, and still knows the broker for a while. */
    @Override
    void stopBroker() {
        rocket.killBroker(0);
    }

    @Override
    void closeBroker() {
        rocket.close();
    }

    @Override
    int columnOfThePage() {
        return 4;
    }
}
