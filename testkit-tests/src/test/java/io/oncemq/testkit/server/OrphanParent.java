package io.oncemq.testkit.server;

import java.util.concurrent.CountDownLatch;

/** Starts servers, one of them paused, prints their pids and waits to be killed, or exits without closing them. */
final class OrphanParent {
    private OrphanParent() {}

    public static void main(String[] args) throws InterruptedException {
        KafkaServer kafka = KafkaServer.builder().asProcess().build();
        kafka.start();
        RedisServer redis = RedisServer.builder().asProcess().build();
        redis.start();
        RedisServer paused = RedisServer.builder().asProcess().build();
        paused.start();
        paused.pause();
        System.out.println(
                "pids " + kafka.pid(0) + " " + redis.pid() + " " + paused.pid() + rabbit() + " " + Watchdog.pid());
        if (args[0].equals("exit")) {
            System.exit(0);
        }
        new CountDownLatch(1).await();
    }

    /** With its name server, where it can be had. */
    private static String rabbit() {
        if (RabbitInstallation.obstacle().isPresent()) {
            return "";
        }
        RabbitServer rabbit = RabbitServer.builder().asProcess().build();
        rabbit.start();
        return " " + rabbit.pid() + " " + rabbit.namesPid();
    }
}
