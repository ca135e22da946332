package io.oncemq.quickstart;

import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.TransportFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The brokers that a run can choose from. */
enum BrokerKind {
    KAFKA("kafka", "Kafka") {
        @Override
        Broker create() {
            return new KafkaBroker();
        }

        @Override
        TransportFactory transport(String address) {
            return Kafka.at(address);
        }

        @Override
        TransportFactory consumerTransport(String address) {
            return Kafka.at(address).consumerProperty("session.timeout.ms", SESSION_MILLIS);
        }

        @Override
        boolean sharesBeforeMessages() {
            return true;
        }
    },
    RABBIT("rabbit", "RabbitMQ") {
        @Override
        Broker create() {
            return new RabbitBroker();
        }

        @Override
        TransportFactory transport(String address) {
            return Rabbit.at(address);
        }
    },
    ROCKET("rocketmq", "RocketMQ") {
        @Override
        Broker create() {
            return new RocketBroker();
        }

        @Override
        TransportFactory transport(String address) {
            return RocketBroker.transport(address);
        }

        @Override
        boolean sharesBeforeMessages() {
            return true;
        }
    },
    ARTEMIS("artemis", "ActiveMQ Artemis") {
        @Override
        Broker create() {
            return new ArtemisBroker();
        }

        @Override
        TransportFactory transport(String address) {
            return Artemis.at(address);
        }
    },
    ACTIVEMQ("activemq", "ActiveMQ Classic") {
        @Override
        Broker create() {
            return new ActiveMqBroker();
        }

        @Override
        TransportFactory transport(String address) {
            return ActiveMq.at(address);
        }

        @Override
        boolean sharesBeforeMessages() {
            return true;
        }
    };

    /** The least that a broker allows by default: how long a dead process keeps its partitions. */
    private static final int SESSION_MILLIS = 6_000;

    private final String option;
    private final String title;

    BrokerKind(String option, String title) {
        this.option = option;
        this.title = title;
    }

    /** As the command line and the last line of the output name it. */
    String option() {
        return option;
    }

    String title() {
        return title;
    }

    /** The server, not started. @throws io.oncemq.testkit.server.ServerException if this machine has none and cannot get one */
    abstract Broker create();

    /** For the publishing process. */
    abstract TransportFactory transport(String address);

    /** Whether consumer processes learn what is theirs before the first message comes. */
    boolean sharesBeforeMessages() {
        return false;
    }

    /** For a consumer process, whose death is to be noticed within seconds. */
    TransportFactory consumerTransport(String address) {
        return transport(address);
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
