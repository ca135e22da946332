package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;

/** A shard in one of the times that a process has it. */
record Place(String shard, long epoch) {
    static Place of(Event event) {
        return new Place(event.shard(), event.epoch());
    }
}
