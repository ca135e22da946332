package io.oncemq.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

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
    static final String TLS_CONNECTOR = "tlsConnector";

    /** Users with their passwords, and what they may do: the user, the operation and the destination. */
    static final String USER = "user.";

    static final String RIGHT = "right.";

    /** Counts the changes of users and rights; what it prints once it has taken one, with the number. */
    static final String CHANGE = "change";

    static final String CHANGED = "oncemq: ActiveMQ has taken change ";
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String SECURITY = "org.apache.activemq.security.";

    private ActiveMqMain() {}

    public static void main(String[] args) {
        try {
            Path file = Path.of(args[0]);
            Properties properties = read(file);
            Object broker = broker(properties);
            call(broker, "start");
            call(broker, "waitUntilStarted");
            // A start that fails may be logged only.
            if (!Boolean.TRUE.equals(call(broker, "isStarted"))) {
                throw new IllegalStateException("the broker has not started; see above");
            }
            stopWithTheProcess(broker);
            System.out.println(READY);
            if (hasUsers(properties)) {
                followChanges(file, broker);
            }
            // Its own threads are daemons.
            call(broker, "waitUntilStopped");
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            e.printStackTrace();
            // The broker's threads would keep the JVM alive.
            Runtime.getRuntime().halt(3);
        }
    }

    private static Properties read(Path path) throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(path)) {
            properties.load(file);
        }
        return properties;
    }

    private static void followChanges(Path file, Object broker) {
        Thread thread = new Thread(
                () -> {
                    String last = null;
                    while (true) {
                        try {
                            Properties properties = read(file);
                            String change = properties.getProperty(CHANGE);
                            if (change != null && !change.equals(last)) {
                                change(broker, properties);
                                last = change;
                                System.out.println(CHANGED + change + ".");
                            }
                            LockSupport.parkNanos(LOOK.toNanos());
                        } catch (ReflectiveOperationException | IOException e) {
                            e.printStackTrace();
                            Runtime.getRuntime().halt(3);
                        }
                    }
                },
                "changes");
        thread.setDaemon(true);
        thread.start();
    }

    private static void change(Object broker, Properties properties) throws ReflectiveOperationException {
        Object users = authentication(properties);
        Object logins = adaptor(broker, "SimpleAuthenticationBroker");
        for (String each : List.of("UserPasswords", "UserGroups")) {
            logins.getClass().getMethod("set" + each, Map.class).invoke(logins, call(users, "get" + each));
        }
        Object rights = adaptor(broker, "AuthorizationBroker");
        rights.getClass()
                .getMethod("setAuthorizationMap", Class.forName(SECURITY + "AuthorizationMap"))
                .invoke(rights, authorization(properties));
    }

    private static Object adaptor(Object broker, String type) throws ReflectiveOperationException {
        return Class.forName("org.apache.activemq.broker.Broker")
                .getMethod("getAdaptor", Class.class)
                .invoke(call(broker, "getBroker"), Class.forName(SECURITY + type));
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
        secure(broker, properties);
        for (String connector : List.of(CONNECTOR, TLS_CONNECTOR)) {
            if (properties.containsKey(connector)) {
                broker.getClass()
                        .getMethod("addConnector", String.class)
                        .invoke(broker, properties.getProperty(connector));
            }
        }
        return broker;
    }

    private static boolean hasUsers(Properties properties) {
        return properties.stringPropertyNames().stream().anyMatch(name -> name.startsWith(USER));
    }

    private static void secure(Object broker, Properties properties) throws ReflectiveOperationException {
        if (!hasUsers(properties)) {
            return;
        }
        Object authorization = Class.forName(SECURITY + "AuthorizationPlugin")
                .getConstructor(Class.forName(SECURITY + "AuthorizationMap"))
                .newInstance(authorization(properties));
        Class<?> plugin = Class.forName("org.apache.activemq.broker.BrokerPlugin");
        Object plugins = Array.newInstance(plugin, 2);
        Array.set(plugins, 0, authentication(properties));
        Array.set(plugins, 1, authorization);
        broker.getClass().getMethod("setPlugins", plugins.getClass()).invoke(broker, plugins);
    }

    private static Object authentication(Properties properties) throws ReflectiveOperationException {
        List<Object> users = new ArrayList<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(USER)) {
                String user = name.substring(USER.length());
                users.add(Class.forName(SECURITY + "AuthenticationUser")
                        .getConstructor(String.class, String.class, String.class)
                        .newInstance(user, properties.getProperty(name), user));
            }
        }
        return Class.forName(SECURITY + "SimpleAuthenticationPlugin")
                .getConstructor(List.class)
                .newInstance(users);
    }

    private static Object authorization(Properties properties) throws ReflectiveOperationException {
        List<Object> entries = new ArrayList<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(RIGHT)) {
                entries.add(entry(properties.getProperty(name).split(" ")));
            }
        }
        return Class.forName(SECURITY + "DefaultAuthorizationMap")
                .getConstructor(List.class)
                .newInstance(entries);
    }

    /** @param right the user, the operation, and {@code queue://} or {@code topic://} with a name or pattern */
    private static Object entry(String[] right) throws ReflectiveOperationException {
        Object entry = create(SECURITY + "AuthorizationEntry");
        String operation = right[1].substring(0, 1).toUpperCase(Locale.ROOT) + right[1].substring(1);
        entry.getClass().getMethod("set" + operation, String.class).invoke(entry, right[0]);
        String kind = right[2].startsWith("queue:") ? "setQueue" : "setTopic";
        entry.getClass().getMethod(kind, String.class).invoke(entry, right[2].substring("queue://".length()));
        return entry;
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
