package io.oncemq.core;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.PublishingSuspended;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.spi.BrokerTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** Adds the broker's addresses to each connection error that names none of them, thrown or in an event. Stateless. */
public final class Located {
    private final List<String> addresses;

    private Located(List<String> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    static Located of(BrokerTransport transport) {
        return new Located(transport.addresses());
    }

    /** The transport, whose methods throw located errors. */
    BrokerTransport transport(BrokerTransport transport) {
        return (BrokerTransport) Proxy.newProxyInstance(
                BrokerTransport.class.getClassLoader(),
                new Class<?>[] {BrokerTransport.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(transport, arguments);
                    } catch (InvocationTargetException e) {
                        throw error(e.getTargetException());
                    }
                });
    }

    MessagingEvent event(MessagingEvent event) {
        if (event instanceof SourceInterrupted source) {
            return new SourceInterrupted(
                    source.destination(), source.group(), source.partition(), error(source.cause()), source.retryIn());
        }
        if (event instanceof PublishingSuspended suspended && suspended.cause() != null) {
            return new PublishingSuspended(suspended.destination(), error(suspended.cause()));
        }
        return event instanceof PublishSessionReplaced replaced && replaced.cause() != null
                ? new PublishSessionReplaced(replaced.resent(), error(replaced.cause()))
                : event;
    }

    private Throwable error(Throwable error) {
        return error instanceof ConnectionException connection ? located(connection) : error;
    }

    private ConnectionException located(ConnectionException error) {
        String text = String.valueOf(error.getMessage());
        if (addresses.isEmpty() || addresses.stream().anyMatch(text::contains)) {
            return error;
        }
        ConnectionException located = new ConnectionException(text + in(addresses), error.getCause());
        located.setStackTrace(error.getStackTrace());
        return located;
    }

    /** A text for the end of a sentence; empty where no address is known. */
    public static String in(List<String> addresses) {
        return addresses.isEmpty() ? "" : " (broker: " + String.join(",", addresses) + ")";
    }
}
