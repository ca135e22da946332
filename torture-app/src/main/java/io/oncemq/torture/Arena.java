package io.oncemq.torture;

import io.oncemq.spi.BrokerTransport;
import io.oncemq.torture.history.RunRecorder;
import java.time.Duration;

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

    /** A process that has received something has joined, and others have made room for it. Whether it has in time. */
    boolean awaitItWorks(Member member, Duration patience) {
        return stop.await(patience, () -> {
            tail.refresh();
            return tail.inFlight(member.incarnation()) > 0;
        });
    }

    /** Whether each confirmed message has an effect or is a dead letter. */
    boolean isAllHandled() {
        tail.refresh();
        return tail.missing(producer.confirmed()) == 0;
    }
}
