package io.oncemq.examples.billing;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEventListener;
import io.oncemq.examples.Voice;
import org.springframework.stereotype.Component;

/** Tells what OnceMQ did by itself. */
@Component
class Journal implements MessagingEventListener {
    private final Voice voice = new Voice("oncemq");
    private final Ledger ledger;

    Journal(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void onEvent(MessagingEvent event) {
        if (event instanceof DuplicateSuppressed duplicate) {
            voice.say(duplicate.id() + " came again and is not handed to billing: it is known as done");
            ledger.suppressed(duplicate.id());
        } else if (event instanceof DeliveryRetried retried) {
            voice.say("attempt " + retried.attempt() + " of " + retried.id() + " failed ("
                    + retried.cause().getMessage() + "); again in "
                    + retried.delay().toMillis() + " ms, and its customer's next orders wait for it");
            ledger.failed(retried.id());
        }
    }
}
