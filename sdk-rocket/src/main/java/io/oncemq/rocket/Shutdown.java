package io.oncemq.rocket;

import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.remoting.netty.NettyEvent;
import org.apache.rocketmq.remoting.netty.NettyEventType;
import org.apache.rocketmq.remoting.netty.NettyRemotingAbstract;

/** Ends clients. Each waits for a thread of its own that looks for events once in three seconds; so it is given some. */
final class Shutdown {
    private static final long ROUND_MILLIS = 20;
    private static final int MOST_ROUNDS = 250;

    private Shutdown() {}

    /** Blocks until the client is closed, for at most a few seconds. */
    static void of(MQClientAPIImpl api, Runnable client) {
        Thread closing = new Thread(client, "oncemq-rocket-closing");
        closing.setDaemon(true);
        closing.start();
        boolean interrupted = false;
        for (int round = 0; closing.isAlive() && round < MOST_ROUNDS; round++) {
            try {
                closing.join(ROUND_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
            wake(api);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("NullAway") // RocketMQ's own code is not annotated: an event without a channel concerns none
    private static void wake(MQClientAPIImpl api) {
        if (api.getRemotingClient() instanceof NettyRemotingAbstract netty) {
            netty.putNettyEvent(new NettyEvent(NettyEventType.CLOSE, "", null));
        }
    }
}
