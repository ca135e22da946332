package io.oncemq.testkit.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Runs in the broker's JVM and starts it under an address of the fixture's choice, such as a proxy's: a RocketMQ broker can name
 * another host to the name server, but not another port. Whatever it tells the name server about itself passes a hook of
 * its own client, and there the address is exchanged.
 *
 * <p>Only this class is put on the broker's class path, so it must not use another one of the testkit.
 */
final class RocketBrokerMain {
    private RocketBrokerMain() {}

    public static void main(String[] args) {
        try {
            start(args[0], args[1]);
        } catch (ReflectiveOperationException e) {
            e.printStackTrace();
            // The broker's threads would keep the JVM alive.
            Runtime.getRuntime().halt(3);
        }
    }

    private static void start(String configuration, String advertised) throws ReflectiveOperationException {
        Class<?> startup = Class.forName("org.apache.rocketmq.broker.BrokerStartup");
        Object controller = startup.getMethod("createBrokerController", String[].class)
                .invoke(null, (Object) new String[] {"-c", configuration});
        Object toNameServer =
                controller.getClass().getMethod("getBrokerOuterAPI").invoke(controller);
        Class<?> hook = Class.forName("org.apache.rocketmq.remoting.RPCHook");
        InvocationHandler exchange = (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "doBeforeRequest":
                    exchange(arguments[1], advertised);
                    return null;
                case "equals":
                    return proxy == arguments[0];
                case "hashCode":
                    return System.identityHashCode(proxy);
                default:
                    return null;
            }
        };
        toNameServer
                .getClass()
                .getMethod("registerRPCHook", hook)
                .invoke(toNameServer, Proxy.newProxyInstance(hook.getClassLoader(), new Class<?>[] {hook}, exchange));
        startup.getMethod("start", controller.getClass()).invoke(null, controller);
    }

    private static void exchange(Object request, String advertised)
            throws InvocationTargetException, IllegalAccessException, NoSuchMethodException {
        Object header = request.getClass().getMethod("readCustomHeader").invoke(request);
        if (header != null) {
            for (Method method : header.getClass().getMethods()) {
                if (method.getName().equals("setBrokerAddr")) {
                    method.invoke(header, advertised);
                }
            }
        }
    }
}
