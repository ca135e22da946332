package io.oncemq.rocket;

import io.oncemq.AuthenticationException;
import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * How far a broker has come in putting into its queues what it has confirmed: that lies in its log first, and in its queue some time later.
 * Thread-safe; blocks.
 */
final class Dispatch {
    private static final int TRIES = 250;

    private final Function<String, Map<String, String>> runtimeInfo;
    private final long pauseNanos;

    /**
     * @param runtimeInfo asks the master of a broker name how it is
     * @param pause between two questions
     */
    Dispatch(Function<String, Map<String, String>> runtimeInfo, Duration pause) {
        this.runtimeInfo = runtimeInfo;
        this.pauseNanos = pause.toNanos();
    }

    /**
     * Returns when the queues hold whatever the log held at the call; at once for users who may not ask how the broker is.
     *
     * @throws ConnectionException if that takes longer than some seconds
     */
    void await(String broker) {
        Map<String, String> info;
        try {
            info = runtimeInfo.apply(broker);
        } catch (AuthenticationException mayNotAsk) {
            return;
        }
        long goal = log(info);
        for (int tried = 1; queued(info) < goal; tried++) {
            if (tried == TRIES) {
                throw new ConnectionException("broker " + broker + " does not finish moving messages into its queues");
            }
            LockSupport.parkNanos(pauseNanos);
            info = runtimeInfo.apply(broker);
        }
    }

    private static long log(Map<String, String> info) {
        return Long.parseLong(info.getOrDefault("commitLogMaxOffset", "0"));
    }

    /** Not less than this: the broker looks at the end of its log first, then at what lies between that and the queues. */
    private static long queued(Map<String, String> info) {
        return log(info) - Long.parseLong(info.getOrDefault("dispatchBehindBytes", "0"));
    }
}
