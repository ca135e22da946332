package io.oncemq.core.consume;

import io.oncemq.Delivery;
import io.oncemq.MessageObserver;
import io.oncemq.core.consume.HostileCodeTest.Place;
import org.jspecify.annotations.Nullable;

/** Throws at one place, for the message that is named hostile. */
record HostileObserver(Place place, HostileKind kind) implements MessageObserver {
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
