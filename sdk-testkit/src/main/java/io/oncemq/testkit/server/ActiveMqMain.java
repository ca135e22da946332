package io.oncemq.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Runs in the broker's JVM: starts ActiveMQ Classic from a file of properties, and says so when it serves. Only this class is put on the
 * broker's class path, so it must not use another one of the testkit.
 */
final class ActiveMqMain {
    /** What it prints once clients can connect. */
    static final String READY = "oncemq: ActiveMQ serves";

    /** Properties of the broker itself, of its store, and of the policy that all destinations have. */
    static final String BROKER = "broker.";

    static final String STORE = "store.";
    static final String POLICY = "policy.";

    /** Where the journal lies, and where the broker listens. */
    static final String FOLDER = "folder";

    static final String CONNECTOR = "connector";

    private ActiveMqMain() {}

    public static void main(String[] args) {
        try {
            Properties properties = new Properties();
            try (InputStream file = Files.newInputStream(Path.of(args[0]))) {
                properties.load(file);
            }
            Object broker = broker(properties);
            call(broker, "start");
            call(broker, "waitUntilStarted");
            // A start that fails may be logged only.
            if (!Boolean.TRUE.equals(call(broker, "isStarted"))) {
                throw new IllegalStateException("the broker has not started; see above");
            }
            stopWithTheProcess(broker);
            System.out.println(READY);
            // Its own threads are daemons.
            call(broker, "waitUntilStopped");
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            e.printStackTrace();
            // The broker's threads would keep the JVM alive.
            Runtime.getRuntime().halt(3);
        }
    }

    private static Object broker(Properties properties) throws ReflectiveOperationException {
        Object broker = create("org.apache.activemq.broker.BrokerService");
        set(broker, properties, BROKER);
        Object store = create("org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter");
        store.getClass().getMethod("setDirectory", File.class).invoke(store, new File(properties.getProperty(FOLDER)));
        set(store, properties, STORE);
        Class<?> storeType = Class.forName("org.apache.activemq.store.PersistenceAdapter");
        broker.getClass().getMethod("setPersistenceAdapter", storeType).invoke(broker, store);
        Object entry = create("org.apache.activemq.broker.region.policy.PolicyEntry");
        entry.getClass().getMethod("setDestination", destinationType()).invoke(entry, everything());
        set(entry, properties, POLICY);
        Object policies = create("org.apache.activemq.broker.region.policy.PolicyMap");
        policies.getClass().getMethod("setPolicyEntries", List.class).invoke(policies, List.of(entry));
        broker.getClass().getMethod("setDestinationPolicy", policies.getClass()).invoke(broker, policies);
        broker.getClass().getMethod("addConnector", String.class).invoke(broker, properties.getProperty(CONNECTOR));
        return broker;
    }

    private static Class<?> destinationType() throws ReflectiveOperationException {
        return Class.forName("org.apache.activemq.command.ActiveMQDestination");
    }

    private static Object everything() throws ReflectiveOperationException {
        return Class.forName("org.apache.activemq.command.ActiveMQQueue")
                .getConstructor(String.class)
                .newInstance(">");
    }

    private static void set(Object target, Properties properties, String prefix) throws ReflectiveOperationException {
        Map<String, Object> own = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), properties.getProperty(name));
            }
        }
        Class.forName("org.apache.activemq.util.IntrospectionSupport")
                .getMethod("setProperties", Object.class, Map.class)
                .invoke(null, target, own);
        if (!own.isEmpty()) {
            throw new IllegalStateException(target.getClass().getSimpleName() + " has no " + own.keySet());
        }
    }

    private static Object create(String type) throws ReflectiveOperationException {
        return Class.forName(type).getConstructor().newInstance();
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    private static void stopWithTheProcess(Object broker) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                call(broker, "stop");
                            } catch (ReflectiveOperationException e) {
                                e.printStackTrace();
                            }
                        },
                        "stop"));
    }
}
