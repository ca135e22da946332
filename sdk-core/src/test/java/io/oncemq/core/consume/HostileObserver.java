package io.oncemq.core.consume;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.OutboundMessage;
import io.oncemq.Subscription;
import io.oncemq.core.consume.HostileCodeTest.Place;
import org.jspecify.annotations.Nullable;

/** Throws at one place, for the message that is named hostile. */
record HostileObserver(Place place, HostileKind kind) implements MessageInterceptor {
    @Override
    public void subscribed(String reader, String group, Subscription subscription) {
        at(true, Place.OBSERVER_SUBSCRIBED);
    }

    @Override
    public Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
        boolean hostile = "hostile".equals(message.body());
        at(hostile, Place.OBSERVER_PUBLISHING);
        return (receipt, failure) -> at(hostile, Place.OBSERVER_PUBLISHED);
    }

    @Override
    public Handling handling(String destination, String group, Delivery<?> delivery) {
        boolean hostile = delivery.id().equals("hostile");
        at(hostile, Place.OBSERVER_HANDLING);
        return new Handling() {
            @Override
            public void enter() {
                at(hostile, Place.OBSERVER_ENTER);
            }

            @Override
            public void leave() {
                at(hostile, Place.OBSERVER_LEAVE);
            }

            @Override
            public void ended(@Nullable Throwable failure) {
                at(hostile, Place.OBSERVER_ENDED);
            }
        };
    }

    private void at(boolean hostile, Place here) {
        if (hostile && place == here) {
            kind.thrown();
        }
    }
}
