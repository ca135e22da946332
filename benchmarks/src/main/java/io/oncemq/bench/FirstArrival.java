package io.oncemq.bench;

import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.TransportFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Notes when the adapter hands its first messages to the engine: where the clock of a raw loop starts too. A handler starts later, after its
 * message was claimed. Costs one reflective call for each batch of messages. Thread-safe.
 */
final class FirstArrival {
    private final AtomicLong nanos = new AtomicLong();

    /** A value of {@link System#nanoTime}. @throws IllegalStateException if nothing has arrived */
    long nanos() {
        long first = nanos.get();
        if (first == 0) {
            throw new IllegalStateException("nothing has arrived");
        }
        return first;
    }

    /** The same transport, whose sources report what arrives. */
    TransportFactory watching(TransportFactory factory) {
        return clientId -> watched(factory.open(clientId));
    }

    private BrokerTransport watched(BrokerTransport transport) {
        InvocationHandler calls = (proxy, method, arguments) -> {
            if (method.getReturnType() == MessageSource.class) {
                return transport.openSource((SourceSpec) arguments[0], watched((SourceListener) arguments[1]));
            }
            return passed(() -> method.invoke(transport, arguments));
        };
        return proxy(BrokerTransport.class, calls);
    }

    private SourceListener watched(SourceListener listener) {
        InvocationHandler calls = (proxy, method, arguments) -> {
            if (method.getName().equals("onMessages")) {
                nanos.compareAndSet(0, System.nanoTime());
            }
            return passed(() -> method.invoke(listener, arguments));
        };
        return proxy(SourceListener.class, calls);
    }

    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object passed(Call call) throws Throwable {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }
}
