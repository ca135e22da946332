package io.oncemq.testkit.server;

import java.util.concurrent.CountDownLatch;

/** A JVM that starts a Redis in a container and ends without closing it, by itself or by being killed. */
final class OrphanContainers {
    private OrphanContainers() {}

    public static void main(String[] args) throws InterruptedException {
        RedisServer redis = RedisServer.started();
        System.out.println("started as " + redis.backEnd() + ", which it is");
        if (args[0].equals("wait")) {
            new CountDownLatch(1).await();
        }
    }
}
