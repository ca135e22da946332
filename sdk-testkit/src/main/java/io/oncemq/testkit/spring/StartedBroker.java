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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** How each broker is started, recognized, and named to an application. */
enum StartedBroker {
    KAFKA("kafka", "oncemq.kafka.bootstrap-servers", KafkaServer.class, "io.oncemq.kafka.Kafka") {
        @Override
        Server start() {
            return KafkaServer.started();
        }

        @Override
        String address(Server server) {
            return ((KafkaServer) server).bootstrap();
        }
    },
    RABBIT("amqp", "oncemq.rabbit.addresses", RabbitServer.class, "io.oncemq.rabbit.Rabbit") {
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
    ROCKETMQ("rocketmq", "oncemq.rocket.name-servers", RocketServer.class, "io.oncemq.rocket.Rocket") {
        @Override
        Server start() {
            return RocketServer.started();
        }

        @Override
        String address(Server server) {
            return ((RocketServer) server).nameServer();
        }
    },
    ARTEMIS(
            "artemis",
            "oncemq.artemis.addresses",
            ArtemisServer.class,
            "io.oncemq.jms.Artemis",
            "org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory") {
        @Override
        Server start() {
            return ArtemisServer.started();
        }

        @Override
        String address(Server server) {
            return local(((ArtemisServer) server).port());
        }
    },
    ACTIVEMQ(
            "activemq",
            "oncemq.activemq.addresses",
            ActiveMqServer.class,
            "io.oncemq.jms.ActiveMq",
            "org.apache.activemq.ActiveMQConnectionFactory") {
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
    private final Class<? extends Server> type;
    private final List<String> adapter;

    /**
     * @param servers the property that names its servers
     * @param adapter a class of its adapter, and of its client where two brokers share the adapter
     */
    StartedBroker(String scheme, String servers, Class<? extends Server> type, String... adapter) {
        this.scheme = scheme;
        this.servers = servers;
        this.type = type;
        this.adapter = List.of(adapter);
    }

    /**
     * The one that was asked for, or null for none.
     *
     * @throws IllegalStateException if the application does not tell which one it uses
     */
    static @Nullable StartedBroker of(TestBroker asked, Environment environment) {
        return switch (asked) {
            case NONE -> null;
            case AUTO ->
                ofApplication(environment, name -> ClassUtils.isPresent(name, OnceMqTest.class.getClassLoader()));
            case KAFKA -> KAFKA;
            case RABBIT -> RABBIT;
            case ROCKETMQ -> ROCKETMQ;
            case ARTEMIS -> ARTEMIS;
            case ACTIVEMQ -> ACTIVEMQ;
        };
    }

    /** @param present whether the class path has a class */
    static StartedBroker ofApplication(Environment environment, Predicate<String> present) {
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
                .filter(each -> binder.bind(each.servers, String[].class).isBound())
                .toList();
        List<StartedBroker> found = named.isEmpty()
                ? Arrays.stream(values())
                        .filter(each -> each.adapter.stream().allMatch(present))
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
