package io.oncemq.testkit.server;

/**
 * Runs in the broker's JVM: starts Artemis from a configuration file, and says so when it serves. Only this class is put on the broker's
 * class path, so it must not use another one of the testkit.
 */
final class ArtemisMain {
    /** What it prints once clients can connect; a backup, which has a second argument, once it stands by. */
    static final String READY = "oncemq: Artemis serves";

    private ArtemisMain() {}

    public static void main(String[] args) {
        try {
            Class<?> type = Class.forName("org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ");
            Object broker = type.getConstructor().newInstance();
            type.getMethod("setConfigResourcePath", String.class).invoke(broker, args[0]);
            if (System.getProperty("java.security.auth.login.config") != null) {
                secure(type, broker);
            }
            type.getMethod("start").invoke(broker);
            Object server = type.getMethod("getActiveMQServer").invoke(broker);
            // A start that fails is logged by the broker, and returns all the same.
            Class<?> api = Class.forName("org.apache.activemq.artemis.core.server.ActiveMQServer");
            boolean standsBy = args.length > 1;
            if (!standsBy && !Boolean.TRUE.equals(api.getMethod("isActive").invoke(server))) {
                throw new IllegalStateException("the broker is not active; see above");
            }
            stopWithTheProcess(type, broker);
            System.out.println(READY);
        } catch (ReflectiveOperationException | RuntimeException e) {
            e.printStackTrace();
            // The broker's threads would keep the JVM alive.
            Runtime.getRuntime().halt(3);
        }
    }

    private static void secure(Class<?> type, Object broker) throws ReflectiveOperationException {
        String security = "org.apache.activemq.artemis.spi.core.security.";
        Object users = Class.forName(security + "ActiveMQJAASSecurityManager")
                .getConstructor(String.class)
                .newInstance("oncemq");
        type.getMethod("setSecurityManager", Class.forName(security + "ActiveMQSecurityManager"))
                .invoke(broker, users);
    }

    private static void stopWithTheProcess(Class<?> type, Object broker) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                type.getMethod("stop").invoke(broker);
                            } catch (ReflectiveOperationException e) {
                                e.printStackTrace();
                            }
                        },
                        "stop"));
    }
}
