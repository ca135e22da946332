package io.oncemq.jms;

import io.oncemq.MessagingException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** How a publish session asks where it may send to: on a thread that is there while there is something to ask. */
final class LookUps {
    /** For how long an answer is believed: the broker confirms what it gives to no queue. */
    static final Duration GOOD = Duration.ofSeconds(5);

    private static final long IDLE_SECONDS = 10;

    private LookUps() {}

    /** No queue would get what is sent there. */
    static final class Unroutable extends MessagingException {
        private static final long serialVersionUID = 1L;

        Unroutable(String destination) {
            super("there is no destination " + destination + ", or no group that reads it: ensure it", null);
        }
    }

    static ThreadPoolExecutor thread() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> JmsTransport.daemon(task, "routes"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
