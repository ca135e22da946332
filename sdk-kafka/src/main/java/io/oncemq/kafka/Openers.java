package io.oncemq.kafka;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that ask for topics. A question about an unknown topic takes up to two seconds, so a client with many of them needs several
 * threads; it gets at most {@link #MOST}, and further questions wait. Idle threads end.
 */
final class Openers {
    static final int MOST = 32;

    private Openers() {}

    static ExecutorService of(ThreadFactory threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(MOST, MOST, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
