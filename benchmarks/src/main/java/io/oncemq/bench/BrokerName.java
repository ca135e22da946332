package io.oncemq.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The brokers that can be measured. */
enum BrokerName {
    KAFKA {
        @Override
        Bed start() {
            return KafkaBed.start();
        }
    },
    RABBIT {
        @Override
        Bed start() {
            return RabbitBed.start();
        }
    },
    ROCKETMQ {
        @Override
        Bed start() {
            return RocketBed.start();
        }
    },
    ARTEMIS {
        @Override
        Bed start() {
            return ArtemisBed.start();
        }
    };

    /** Starts one. @throws io.oncemq.testkit.server.ServerException if this machine has none and cannot get one */
    abstract Bed start();

    static BrokerName of(String word) {
        return Arrays.stream(values())
                .filter(name -> name.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new UsageException((word.isEmpty() ? "no broker is named" : "unknown broker '" + word + "'")
                                + "; choose from " + words()));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static String words() {
        return Arrays.stream(values()).map(BrokerName::word).collect(Collectors.joining(", "));
    }
}
