package io.oncemq.kafka;

import java.util.List;

/**
 * The consumer group of a subscription.
 *
 * @param own which it joins and commits to
 * @param other which it would join with the other setting, whose offsets count where it has none of its own
 */
record GroupName(String own, String other) {
    List<String> all() {
        return List.of(own, other);
    }
}
