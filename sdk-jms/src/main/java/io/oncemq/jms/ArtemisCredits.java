package io.oncemq.jms;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.core.client.impl.ClientProducerCredits;
import org.apache.activemq.artemis.core.client.impl.ClientProducerFlowCallback;

/**
 * Which addresses take no more at the moment. With this callback the client does not wait for credit of a full address, with the thread that
 * serves all others: it sends, and says that there was none. So at most one message goes beyond the credit, which the broker takes where it
 * blocks, and refuses where it fails. Thread-safe; nothing blocks.
 */
final class ArtemisCredits implements ClientProducerFlowCallback {
    /** An address that refuses does not say when it stops: it is tried again after so long. */
    static final Duration REFUSED = Duration.ofMillis(500);

    private static final long WITHOUT_CREDIT = Long.MIN_VALUE;

    private final LongSupplier ticker;
    private final Map<String, Long> full = new ConcurrentHashMap<>();

    ArtemisCredits(LongSupplier ticker) {
        this.ticker = ticker;
    }

    boolean isFull(String address) {
        Long until = full.isEmpty() ? null : full.get(address);
        if (until == null) {
            return false;
        }
        if (until != WITHOUT_CREDIT && ticker.getAsLong() - until >= 0) {
            full.remove(address, until);
            return false;
        }
        return true;
    }

    /** The broker has refused a message for want of room. */
    void refused(String address) {
        full.putIfAbsent(address, ticker.getAsLong() + REFUSED.toNanos());
    }

    @Override
    public void onCreditsFlow(boolean blocked, ClientProducerCredits credits) {
        String address = credits.getAddress().toString();
        if (blocked) {
            full.put(address, WITHOUT_CREDIT);
        } else {
            full.remove(address, WITHOUT_CREDIT);
        }
    }

    @Override
    public void onCreditsFail(ClientProducerCredits credits) {
        full.put(credits.getAddress().toString(), ticker.getAsLong() + REFUSED.toNanos());
    }
}
