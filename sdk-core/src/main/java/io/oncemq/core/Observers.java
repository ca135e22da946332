package io.oncemq.core;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the application's observers; one that throws harms neither the message nor another observer. Thread-safe. */
public final class Observers {
    private final List<MessageInterceptor> observers;

    public Observers(List<MessageInterceptor> observers) {
        this.observers = List.copyOf(observers);
    }

    /** Whether nobody observes, so that the hot path need not ask. */
    public boolean none() {
        return observers.isEmpty();
    }

    void opened(String clientId, String system) {
        tell(observers, observer -> observer.opened(clientId, system));
    }

    public void subscribed(String reader, String group, Subscription subscription) {
        tell(observers, observer -> observer.subscribed(reader, group, subscription));
    }

    public void publisherOpened(Publisher<?> publisher) {
        tell(observers, observer -> observer.publisherOpened(publisher));
    }

    /** In the order of the observers, so that a later one sees the headers of an earlier one. */
    public Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
        List<Publishing> all = asked(observer -> observer.publishing(destination, message, headers));
        return (receipt, failure) -> tell(all, each -> each.ended(receipt, failure));
    }

    public Handling handling(String destination, String group, Delivery<?> delivery) {
        return new All(asked(observer -> observer.handling(destination, group, delivery)));
    }

    private <O> List<O> asked(Function<MessageInterceptor, @Nullable O> question) {
        List<O> all = new ArrayList<>(observers.size());
        tell(observers, observer -> {
            O answer = question.apply(observer);
            if (answer != null) {
                all.add(answer);
            }
        });
        return all;
    }

    private static <O> void tell(List<O> all, Consumer<O> what) {
        for (O each : all) {
            String name = Objects.requireNonNull(each).getClass().getName();
            Contained.run("an observer fails:", name, () -> what.accept(each));
        }
    }

    /** Left in the opposite order, as nested scopes demand. */
    private record All(List<Handling> handlings) implements Handling {
        @Override
        public void enter() {
            tell(handlings, Handling::enter);
        }

        @Override
        public void leave() {
            List<Handling> reversed = new ArrayList<>(handlings);
            Collections.reverse(reversed);
            tell(reversed, Handling::leave);
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            tell(handlings, each -> each.ended(failure));
        }
    }
}
