package io.oncemq.core;

import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the closer of a source waits for its end, which happens on the source's thread. */
final class SourceEnd {
    private static final Logger LOG = LoggerFactory.getLogger(SourceEnd.class);
    /** What ending may take beyond its deadline, and the deadline of an end without one. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private SourceEnd() {}

    /** A wait that an interrupt does not end. */
    interface Ended {
        /** @return whether the source has ended within this time */
        boolean within(Duration most);
    }

    /** Blocks for the deadline and 4 seconds at most; an interrupt is kept. @param cut breaks what the end may be waiting for */
    static void await(String name, Duration deadline, Ended ended, Contained.Code cut) {
        new Closing(name)
                .step("end", left -> awaitEnd(name, Nanos.sum(deadline, GRACE), ended))
                .step("cut", left -> cutOff(name, ended, cut))
                .closeHere(deadline);
    }

    private static void awaitEnd(String name, Duration patience, Ended ended) {
        if (!ended.within(patience)) {
            LOG.warn("a source takes long to close: source={} waited={}", name, patience);
        }
    }

    private static void cutOff(String name, Ended ended, Contained.Code cut) {
        if (!ended.within(Duration.ZERO)) {
            Contained.run("a source cannot be cut off:", name, cut);
            ended.within(GRACE);
        }
    }

    /** Logs what ended the turns, and reports it. */
    static void tell(String name, Throwable thrown, Contained.Code failed) {
        Contained.run(
                "a source stops:",
                name,
                () -> LOG.error("a source stops: source={}", name, ThrowableText.readable(thrown)));
        Contained.run("a source cannot report its failure:", name, failed);
    }
}
