package io.oncemq.jms;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.client.impl.ClientConsumerInternal;
import org.apache.activemq.artemis.core.client.impl.ClientSessionInternal;

/**
 * Reports when a consumer has received a message, or is closed. The client reports neither to a consumer that receives: its listeners are called on a
 * thread where messages cannot be acknowledged later, and an interceptor is called before the message is in the consumer. So the session gets a
 * proxy that passes each call on to the real consumer, and then reports it.
 */
final class ArtemisArrivals {
    /** What the session calls when something comes for a consumer, and when the consumer ends. */
    private static final Set<String> TOLD =
            Set.of("handleMessage", "handleLargeMessage", "clearAtFailover", "cleanUp", "close");

    private ArtemisArrivals() {}

    /**
     * Before the session has started, since nothing arrives until then.
     *
     * @param arrived called on threads of the client; does not block
     */
    static void tell(ClientSession session, ClientConsumerInternal consumer, Runnable arrived) {
        ((ClientSessionInternal) session).addConsumer((ClientConsumerInternal) Proxy.newProxyInstance(
                ClientConsumerInternal.class.getClassLoader(),
                new Class<?>[] {ClientConsumerInternal.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    } finally {
                        if (TOLD.contains(method.getName())) {
                            arrived.run();
                        }
                    }
                }));
    }
}
