package io.oncemq.quickstart;

import io.oncemq.testkit.server.RocketServer;
import java.util.concurrent.TimeoutException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.exception.OffsetNotFoundException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.header.QueryConsumerOffsetRequestHeader;

/** Asks the broker itself how far queues and the group have come. */
final class RocketQueues implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5_000;

    private final DefaultMQProducer client;
    private final String broker;

    RocketQueues(RocketServer server) {
        client = RocketBroker.configured(server, new DefaultMQProducer("quickstart"));
        broker = "127.0.0.1:" + server.port(0);
        try {
            client.start();
        } catch (MQClientException e) {
            throw new IllegalStateException("RocketMQ's client does not start", e);
        }
    }

    /** Behind the newest message. @throws TimeoutException if the broker does not answer */
    long end(MessageQueue queue) throws TimeoutException {
        return asked(() -> api().getMaxOffset(broker, queue, PATIENCE_MILLIS));
    }

    /** How far the group has committed. @throws TimeoutException if the broker does not answer */
    long committed(MessageQueue queue) throws TimeoutException {
        QueryConsumerOffsetRequestHeader question = new QueryConsumerOffsetRequestHeader();
        question.setTopic(queue.getTopic());
        question.setQueueId(queue.getQueueId());
        question.setBrokerName(queue.getBrokerName());
        question.setConsumerGroup(Places.GROUP);
        question.setSetZeroIfNotFound(false);
        return asked(() -> {
            try {
                return api().queryConsumerOffset(broker, question, PATIENCE_MILLIS);
            } catch (OffsetNotFoundException none) {
                return 0L;
            }
        });
    }

    private MQClientAPIImpl api() {
        return client.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
    }

    private interface Question {
        long ask() throws RemotingException, MQBrokerException, InterruptedException;
    }

    private static long asked(Question question) throws TimeoutException {
        try {
            return question.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (RemotingException | MQBrokerException e) {
            throw (TimeoutException) new TimeoutException("no answer").initCause(e);
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
