package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.oncemq.Headers;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.Stranger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.MQAdmin;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingSysResponseCode;
import org.jspecify.annotations.Nullable;

/** RocketMQ by its own clients only, one for each call. */
public final class RawRocket {
    private static final String KEY = "oncemq-key";
    private static final String BODY = "oncemq-body";
    private static final String MORE = "oncemq-more";
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int MOST_AT_ONCE = 32;
    private static final byte[] STAND_IN = {0};

    private final Supplier<String> nameServer;

    /** @param nameServer where it listens, looked up for each call */
    public RawRocket(Supplier<String> nameServer) {
        this.nameServer = nameServer;
    }

    /** Writes one message to the queue of its key. */
    public void publish(String destination, RawMessage message) {
        byte[] body = message.body();
        Message wire = new Message(topic(destination), body == null ? STAND_IN : body);
        String key = message.key();
        if (key != null) {
            wire.putUserProperty(KEY, key);
        }
        putHeaders(wire, message.headers());
        int keyHash = KeyHash.of(key == null ? "" : key);
        DefaultMQProducer producer = configured(new DefaultMQProducer("raw"));
        producer.setSendMsgTimeout(PATIENCE_MILLIS);
        try {
            producer.start();
            SendResult result = await().pollDelay(Duration.ZERO)
                    .ignoreExceptionsMatching(RawRocket::isBusy)
                    .until(() -> send(producer, wire, keyHash), sent -> true);
            if (result.getSendStatus() != SendStatus.SEND_OK) {
                throw new IllegalStateException("a raw publish ended with " + result.getSendStatus());
            }
        } catch (Exception e) {
            throw new IllegalStateException("a raw publish failed", e);
        } finally {
            producer.shutdown();
        }
    }

    /** To a destination of one queue. */
    List<Stranger> publishStrangers(String destination) {
        DefaultMQProducer producer = configured(new DefaultMQProducer("strangers"));
        try {
            producer.start();
            return RocketStrangers.publish(producer, topic(destination));
        } catch (Exception e) {
            throw new IllegalStateException("a stranger could not be published", e);
        } finally {
            producer.shutdown();
        }
    }

    private static SendResult send(DefaultMQProducer producer, Message wire, int keyHash) throws Exception {
        return producer.send(
                wire,
                (queues, sent, hash) -> sorted(queues).get(KeyHash.place((Integer) hash, queues.size())),
                keyHash);
    }

    /** A broker that stood still for 200 ms refuses what waited meanwhile, before it looks at it. */
    private static boolean isBusy(Throwable error) {
        return error instanceof MQBrokerException refusal
                && refusal.getResponseCode() == RemotingSysResponseCode.SYSTEM_BUSY;
    }

    /** Everything that lies in the topic, queue by queue, in the order of offsets. */
    public List<RawMessage> read(String destination) {
        return messages(topic(destination)).stream().map(RawRocket::message).toList();
    }

    /** The properties of each message, RocketMQ's own among them. */
    List<Map<String, String>> properties(String destination) {
        return messages(topic(destination)).stream()
                .map(MessageExt::getProperties)
                .toList();
    }

    /**
     * The same by topic, as the client has them. By the older of its two pulling consumers: with the newer one this reader counted too few now and
     * then, or waited for ever, and the reason was not found.
     */
    @SuppressWarnings("deprecation")
    public List<MessageExt> messages(String topic) {
        DefaultMQPullConsumer consumer = configured(new DefaultMQPullConsumer("raw"));
        DefaultMQProducer asking = configured(new DefaultMQProducer("raw"));
        try {
            asking.start();
            consumer.start();
            List<MessageQueue> queues = sorted(consumer.fetchSubscribeMessageQueues(topic));
            awaitQueued(asking, queues);
            List<MessageExt> found = new ArrayList<>();
            for (MessageQueue each : queues) {
                pull(consumer, each, end(asking, each), found);
            }
            return found;
        } catch (Exception e) {
            throw new IllegalStateException("a raw read failed", e);
        } finally {
            consumer.shutdown();
            asking.shutdown();
        }
    }

    @SuppressWarnings("deprecation")
    private static void pull(DefaultMQPullConsumer consumer, MessageQueue queue, long end, List<MessageExt> found)
            throws Exception {
        long next = 0;
        while (next < end) {
            PullResult result = consumer.pull(queue, "*", next, MOST_AT_ONCE);
            if (result.getPullStatus() == PullStatus.FOUND) {
                found.addAll(result.getMsgFoundList());
            }
            if (result.getNextBeginOffset() <= next) {
                throw new IllegalStateException(queue + " stands at " + next + " of " + end + ": " + result);
            }
            next = result.getNextBeginOffset();
        }
    }

    /** A broker confirms what lies in its log, and puts it into the queues a little later; until then it lies nowhere for a reader. */
    private static void awaitQueued(DefaultMQProducer asking, List<MessageQueue> queues) {
        MQClientInstance client = asking.getDefaultMQProducerImpl().getMqClientFactory();
        client.updateTopicRouteInfoFromNameServer(queues.get(0).getTopic());
        for (String broker :
                queues.stream().map(MessageQueue::getBrokerName).distinct().toList()) {
            String address = client.findBrokerAddressInPublish(broker);
            await().until(() -> client.getMQClientAPIImpl()
                    .getBrokerRuntimeInfo(address, PATIENCE_MILLIS)
                    .getTable()
                    .get("dispatchBehindBytes")
                    .equals("0"));
        }
    }

    private static long end(MQAdmin client, MessageQueue queue) throws MQClientException {
        return client.maxOffset(queue);
    }

    private <C extends ClientConfig> C configured(C client) {
        client.setNamesrvAddr(nameServer.get());
        client.setMqClientApiTimeout(PATIENCE_MILLIS);
        client.setInstanceName(UUID.randomUUID().toString());
        return client;
    }

    private static List<MessageQueue> sorted(Collection<MessageQueue> queues) {
        return queues.stream().sorted().toList();
    }

    /** As docs/wire-format.md has it. */
    private static String topic(String destination) {
        return destination.replace(".", "%2E");
    }

    /** Properties are text; any other bytes stand in one of them. */
    private static void putHeaders(Message wire, Headers headers) {
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(more);
        headers.forEach((name, value) -> {
            String text = new String(value, UTF_8);
            if (!text.trim().isEmpty() && Arrays.equals(text.getBytes(UTF_8), value)) {
                wire.putUserProperty(name, text);
                return;
            }
            try {
                out.writeUTF(name);
                out.writeInt(value.length);
                out.write(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (more.size() > 0) {
            wire.putUserProperty(MORE, Base64.getEncoder().encodeToString(more.toByteArray()));
        }
    }

    private static void readMore(String text, Headers.Builder headers) {
        byte[] bytes = Base64.getDecoder().decode(text);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                headers.add(in.readUTF(), in.readNBytes(in.readInt()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawMessage message(MessageExt message) {
        Headers.Builder headers = Headers.builder();
        message.getProperties().forEach((name, value) -> {
            boolean reserved = MessageConst.STRING_HASH_SET.contains(name) || name.startsWith("__");
            if (name.equals(MORE)) {
                readMore(value, headers);
            } else if (!reserved && !name.equals(KEY) && !name.equals(BODY)) {
                headers.add(name, value.getBytes(UTF_8));
            }
        });
        return new RawMessage(message.getProperty(KEY), headers.build(), body(message));
    }

    private static byte @Nullable [] body(MessageExt message) {
        String standIn = message.getProperty(BODY);
        if (standIn == null) {
            return message.getBody();
        }
        return standIn.equals("none") ? null : new byte[0];
    }
}
