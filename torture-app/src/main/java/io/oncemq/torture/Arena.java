package io.oncemq.torture;

import io.oncemq.spi.BrokerTransport;
import io.oncemq.torture.history.RunRecorder;

/** What a nemesis can get at. */
record Arena(
        Options options,
        Bed bed,
        Store store,
        Fleet fleet,
        Producer producer,
        Tail tail,
        BrokerTransport transport,
        RunRecorder log,
        Stop stop) {

    /** Whether each confirmed message has an effect or is a dead letter. */
    boolean isAllHandled() {
        tail.refresh();
        return tail.missing(producer.confirmed()) == 0;
    }
}
