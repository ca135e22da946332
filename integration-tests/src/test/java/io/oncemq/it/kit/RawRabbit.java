package io.oncemq.it.kit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.LongStringHelper;
import io.oncemq.Headers;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.kit.transport.RawMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** RabbitMQ without OnceMQ, by a short connection for each call. */
public final class RawRabbit {
    private static final String KEY = "oncemq-key";
    private static final String TOMBSTONE = "oncemq-tombstone";
    private static final long CONFIRM_MILLIS = 20_000;

    /** What is done on a channel. */
    public interface Action<T> {
        T on(Channel channel) throws IOException, InterruptedException, TimeoutException;
    }

    private final Supplier<String> uri;
    private final Map<String, List<RawMessage>> read = new ConcurrentHashMap<>();

    /** @param uri where the server listens, looked up for each call */
    public RawRabbit(Supplier<String> uri) {
        this.uri = uri;
    }

    /** Runs on a fresh channel. */
    public <T> T call(Action<T> action) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setAutomaticRecoveryEnabled(false);
        try {
            factory.setUri(uri.get());
            try (Connection connection = factory.newConnection("raw")) {
                return action.on(connection.createChannel());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException | GeneralSecurityException | URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes bodies to one shard, all confirmed. */
    public void publish(String destination, int shard, int shards, List<byte[]> bodies) {
        call(channel -> {
            channel.confirmSelect();
            for (byte[] body : bodies) {
                channel.basicPublish(
                        destination, shard + "/" + shards, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
            }
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            return true;
        });
    }

    /** Writes one message to the shard of its key. */
    public void publish(String destination, RawMessage message) {
        Map<String, Object> table = table(message.headers());
        String key = message.key();
        if (key != null) {
            table.put(KEY, LongStringHelper.asLongString(KeyBytes.of(key)));
        }
        byte[] body = message.body();
        if (body == null) {
            table.put(TOMBSTONE, true);
        }
        int shards = shards(destination);
        int shard = key == null ? 0 : KeyHash.place(KeyHash.of(key), shards);
        BasicProperties properties =
                new BasicProperties.Builder().deliveryMode(2).headers(table).build();
        call(channel -> {
            channel.confirmSelect();
            channel.basicPublish(
                    destination, shard + "/" + shards, true, properties, body == null ? new byte[0] : body);
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            return true;
        });
    }

    /** By the exchanges that mark them. */
    public int shards(String destination) {
        int shards = 0;
        while (exists(destination + ".shard." + shards)) {
            shards++;
        }
        return shards;
    }

    private boolean exists(String exchange) {
        return call(channel -> {
            try {
                channel.exchangeDeclarePassive(exchange);
                return true;
            } catch (IOException e) {
                if (e.getCause() instanceof ShutdownSignalException closed
                        && closed.getReason() instanceof AMQP.Channel.Close reason
                        && reason.getReplyCode() == AMQP.NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** From now on each shard keeps a copy of its messages for {@link #read}. */
    public void spyOn(String destination) {
        int shards = shards(destination);
        call(channel -> {
            for (int shard = 0; shard < shards; shard++) {
                String queue = spy(destination, shard);
                channel.queueDeclare(queue, true, false, false, Map.of());
                channel.queueBind(queue, destination, shard + "/" + shards);
            }
            return true;
        });
    }

    private static String spy(String destination, int shard) {
        return "spy." + destination + "." + shard;
    }

    /** All that came since {@link #spyOn}, those of one shard in their order. */
    public synchronized List<RawMessage> read(String destination) {
        List<RawMessage> all = new ArrayList<>();
        int shards = shards(destination);
        for (int shard = 0; shard < shards; shard++) {
            String queue = spy(destination, shard);
            List<RawMessage> known = read.computeIfAbsent(queue, fresh -> new ArrayList<>());
            call(channel -> {
                for (@Nullable GetResponse next = channel.basicGet(queue, true);
                        next != null;
                        next = channel.basicGet(queue, true)) {
                    known.add(message(next));
                }
                return true;
            });
            all.addAll(known);
        }
        return all;
    }

    /** Messages of a queue that wait for a consumer. */
    public int ready(String queue) {
        return call(channel -> channel.queueDeclarePassive(queue).getMessageCount());
    }

    /** Active consumers of a queue. */
    public int consumers(String queue) {
        return call(channel -> channel.queueDeclarePassive(queue).getConsumerCount());
    }

    public void deleteQueue(String queue) {
        call(channel -> channel.queueDelete(queue));
    }

    /** What {@code ensure} makes of a destination and its group, for tests of the source alone. */
    public void layout(String destination, int shards, String group) {
        call(channel -> {
            channel.exchangeDeclare(destination, BuiltinExchangeType.DIRECT, true);
            for (int shard = 0; shard < shards; shard++) {
                channel.exchangeDeclare(destination + ".shard." + shard, BuiltinExchangeType.DIRECT, true);
                String queue = destination + "." + group + "." + shard;
                Map<String, Object> arguments = Map.of(
                        "x-queue-type", "quorum", "x-single-active-consumer", true, "x-delivery-limit", 1_000_000);
                channel.queueDeclare(queue, true, false, false, arguments);
                channel.queueBind(queue, destination, shard + "/" + shards);
            }
            return true;
        });
    }

    private static Map<String, Object> table(Headers headers) {
        Map<String, Object> table = new LinkedHashMap<>();
        headers.forEach((name, value) -> table.merge(name, LongStringHelper.asLongString(value), RawRabbit::several));
        return table;
    }

    private static Object several(Object before, Object next) {
        List<Object> values = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
        values.add(next);
        return values;
    }

    private static RawMessage message(GetResponse response) {
        Headers.Builder headers = Headers.builder();
        String key = null;
        boolean tombstone = false;
        Map<String, Object> table = response.getProps().getHeaders();
        for (Map.Entry<String, Object> each : (table == null ? Map.<String, Object>of() : table).entrySet()) {
            if (each.getKey().equals(KEY)) {
                key = KeyBytes.text(((LongString) each.getValue()).getBytes());
            } else if (each.getKey().equals(TOMBSTONE)) {
                tombstone = true;
            } else {
                List<?> values = each.getValue() instanceof List<?> list ? list : List.of(each.getValue());
                values.forEach(value -> add(headers, each.getKey(), value));
            }
        }
        String contentType = response.getProps().getContentType();
        if (contentType != null) {
            headers.add("content-type", contentType);
        }
        return new RawMessage(key, headers.build(), tombstone ? null : response.getBody());
    }

    private static void add(Headers.Builder headers, String name, Object value) {
        if (value instanceof LongString text) {
            headers.add(name, text.getBytes());
        } else {
            headers.add(name, String.valueOf(value));
        }
    }
}
