package io.oncemq.testkit.spring;

import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RocketServer;
import io.oncemq.testkit.server.Server;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** How each broker is started, recognized, and named to an application. */
enum StartedBroker {
    KAFKA("kafka", "oncemq.kafka.bootstrap-servers", "io.oncemq.kafka.Kafka", KafkaServer.class) {
        @Override
        Server start() {
            return KafkaServer.started();
        }

        @Override
        String address(Server server) {
            return ((KafkaServer) server).bootstrap();
        }
    },
    RABBIT("amqp", "oncemq.rabbit.addresses", "io.oncemq.rabbit.Rabbit", RabbitServer.class) {
        @Override
        Server start() {
            return RabbitServer.started();
        }

        @Override
        String address(Server server) {
            return local(((RabbitServer) server).port());
        }

        @Override
        void name(Server server, Map<String, Object> properties) {
            super.name(server, properties);
            RabbitServer rabbit = (RabbitServer) server;
            properties.put("oncemq.rabbit.username", rabbit.user());
            properties.put("oncemq.rabbit.password", rabbit.password());
            properties.put("oncemq.rabbit.virtual-host", "/");
        }
    },
    ROCKETMQ("rocketmq", "oncemq.rocket.name-servers", "io.oncemq.rocket.Rocket", RocketServer.class) {
        @Override
        Server start() {
            return RocketServer.started();
        }

        @Override
        String address(Server server) {
            return ((RocketServer) server).nameServer();
        }
    },
    ARTEMIS("artemis", "", "", ArtemisServer.class) {
        @Override
        Server start() {
            return ArtemisServer.started();
        }

        @Override
        String address(Server server) {
            return local(((ArtemisServer) server).port());
        }
    },
    ACTIVEMQ("activemq", "", "", ActiveMqServer.class) {
        @Override
        Server start() {
            return ActiveMqServer.started();
        }

        @Override
        String address(Server server) {
            return local(((ActiveMqServer) server).port());
        }
    };

    private static final String TRANSPORT = "oncemq.transport";

    private final String scheme;
    private final String servers;
    private final String adapter;
    private final Class<? extends Server> type;

    /**
     * @param servers the property that names its servers; empty if it has none
     * @param adapter a class of its adapter; empty if other brokers share it
     */
    StartedBroker(String scheme, String servers, String adapter, Class<? extends Server> type) {
        this.scheme = scheme;
        this.servers = servers;
        this.adapter = adapter;
        this.type = type;
    }

    /**
     * The one that was asked for, or null for none.
     *
     * @throws IllegalStateException if the application does not tell which one it uses
     */
    static @Nullable StartedBroker of(TestBroker asked, Environment environment) {
        return switch (asked) {
            case NONE -> null;
            case AUTO -> ofApplication(environment, OnceMqTest.class.getClassLoader());
            case KAFKA -> KAFKA;
            case RABBIT -> RABBIT;
            case ROCKETMQ -> ROCKETMQ;
            case ARTEMIS -> ARTEMIS;
            case ACTIVEMQ -> ACTIVEMQ;
        };
    }

    static StartedBroker ofApplication(Environment environment, @Nullable ClassLoader classes) {
        Binder binder = Binder.get(environment);
        String uri = binder.bind(TRANSPORT, String.class).orElse("");
        if (!uri.isEmpty()) {
            return Arrays.stream(values())
                    .filter(each -> uri.startsWith(each.scheme + ":"))
                    .findFirst()
                    .orElseThrow(() -> undecided(
                            TRANSPORT + " has another scheme than kafka, amqp, rocketmq, artemis and activemq"));
        }
        List<StartedBroker> named = Arrays.stream(values())
                .filter(each -> !each.servers.isEmpty()
                        && binder.bind(each.servers, String[].class).isBound())
                .toList();
        List<StartedBroker> found = named.isEmpty()
                ? Arrays.stream(values())
                        .filter(each -> !each.adapter.isEmpty() && ClassUtils.isPresent(each.adapter, classes))
                        .toList()
                : named;
        if (found.size() != 1) {
            String howMany = found.isEmpty() ? "no broker is named" : "several brokers are named";
            throw undecided(TRANSPORT + " is not set, and " + howMany
                    + " by other properties or by adapters on the class path: " + found);
        }
        return found.get(0);
    }

    private static IllegalStateException undecided(String why) {
        return new IllegalStateException(
                "@OnceMqTest cannot tell which broker to start: " + why + ". Set @OnceMqTest(broker = …).");
    }

    private static String local(int port) {
        return "127.0.0.1:" + port;
    }

    Class<? extends Server> type() {
        return type;
    }

    abstract Server start();

    abstract String address(Server server);

    /** Sets the properties by which an application finds it. */
    void name(Server server, Map<String, Object> properties) {
        properties.put(TRANSPORT, scheme + "://" + address(server));
    }
}
