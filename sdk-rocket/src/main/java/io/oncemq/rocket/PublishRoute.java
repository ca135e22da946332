package io.oncemq.rocket;

import io.oncemq.MessagingException;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.util.List;
import java.util.function.Predicate;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Where a session places the messages of one destination. Immutable.
 *
 * @param queues as the brokers have them by now
 * @param keyed whether the engine has accepted so many for keys
 */
record PublishRoute(List<MessageQueue> queues, boolean keyed) {
    /** There is no such destination. */
    static final class Missing extends MessagingException {
        private static final long serialVersionUID = 1;

        Missing(String destination) {
            super("there is no destination " + destination, null);
        }
    }

    /**
     * The queue of a message: a key's own one; without a key the one of its hash, or the next one that is not to be avoided, if there is any.
     *
     * @param avoided whether a broker takes nothing at the moment
     */
    MessageQueue place(OutboundFrame frame, Predicate<String> avoided) {
        int place = KeyHash.place(frame.keyHash(), queues.size());
        MessageQueue first = queues.get(place);
        if (frame.key() != null || !avoided.test(first.getBrokerName())) {
            return first;
        }
        for (int i = 1; i < queues.size(); i++) {
            MessageQueue next = queues.get((place + i) % queues.size());
            if (!next.getBrokerName().equals(first.getBrokerName()) && !avoided.test(next.getBrokerName())) {
                return next;
            }
        }
        return first;
    }
}
