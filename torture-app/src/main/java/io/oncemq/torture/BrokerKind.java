package io.oncemq.torture;

import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.TransportFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The brokers that a run can choose from. */
enum BrokerKind {
    KAFKA("kafka") {
        @Override
        Bed bed() {
            return Bed.kafka();
        }

        @Override
        TransportFactory transport(String address) {
            return Kafka.at(address)
                    .consumerProperty("session.timeout.ms", (int) Terms.SESSION.toMillis())
                    .consumerProperty("heartbeat.interval.ms", 1_000)
                    .consumerProperty("max.poll.interval.ms", (int) Terms.POLL_INTERVAL.toMillis());
        }
    },
    RABBIT("rabbit") {
        @Override
        Bed bed() {
            return Bed.rabbit();
        }

        @Override
        TransportFactory transport(String address) {
            return Rabbit.at(address).heartbeat(Terms.SESSION);
        }
    },
    ROCKET("rocketmq") {
        @Override
        Bed bed() {
            return Bed.rocket();
        }

        @Override
        TransportFactory transport(String address) {
            return Rocket.at(address).lockExpiry(LOCK_EXPIRY);
        }

        /** flushConsumerOffsetInterval, and a moment for the writing. */
        @Override
        Duration positionsWritten() {
            return Duration.ofSeconds(6);
        }
    },
    ARTEMIS("artemis") {
        @Override
        Bed bed() {
            return Bed.artemis();
        }

        @Override
        TransportFactory transport(String address) {
            return Artemis.at(address).connectionTtl(Terms.SESSION);
        }
    },
    ACTIVEMQ("activemq") {
        @Override
        Bed bed() {
            return Bed.activeMq();
        }

        @Override
        TransportFactory transport(String address) {
            return ActiveMq.at(address).connectionTtl(Terms.SESSION);
        }
    };

    /** For how long a dead process keeps its queues of RocketMQ. */
    static final Duration LOCK_EXPIRY = Duration.ofSeconds(8);

    private final String option;

    BrokerKind(String option) {
        this.option = option;
    }

    /** As the command line and the last line of the output name it. */
    String option() {
        return option;
    }

    /** The server, not started. @throws io.oncemq.testkit.server.ServerException if this machine has none and cannot get one */
    abstract Bed bed();

    abstract TransportFactory transport(String address);

    /** After which the broker has written to its disk what was acknowledged; zero if it answers when it has. */
    Duration positionsWritten() {
        return Duration.ZERO;
    }

    static Optional<BrokerKind> of(String option) {
        return Arrays.stream(values())
                .filter(kind -> kind.option.equals(option))
                .findFirst();
    }

    static List<String> options() {
        return Arrays.stream(values()).map(BrokerKind::option).toList();
    }
}
