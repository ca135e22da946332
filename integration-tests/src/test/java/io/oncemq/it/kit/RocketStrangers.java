package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.testkit.kit.transport.Stranger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;

/** What a producer of RocketMQ's own client can write: properties with any characters, flags, tags and keys, batches. */
final class RocketStrangers {
    private final String topic;
    private final List<Stranger> sent = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();

    private RocketStrangers(String topic) {
        this.topic = topic;
    }

    static List<Stranger> publish(DefaultMQProducer producer, String topic) throws Exception {
        RocketStrangers strangers = new RocketStrangers(topic);
        strangers.texts();
        strangers.names();
        strangers.fields();
        for (Message each : strangers.messages) {
            check(producer.send(each).getSendStatus());
        }
        strangers.messages.clear();
        strangers.add("in a batch", message -> message.putUserProperty("odd", "1"));
        strangers.add("behind it in the batch", message -> message.putUserProperty("odd", "2"));
        check(producer.send(strangers.messages).getSendStatus());
        return strangers.sent;
    }

    private static void check(SendStatus status) {
        if (status != SendStatus.SEND_OK) {
            throw new IllegalStateException("a stranger ended with " + status);
        }
    }

    private void texts() {
        sent.add(Stranger.handled(
                "texts", Map.of("Odd.na-me_1", "Zürich", "with blank", "=;,", "\uD83D\uDE00", "\uD83D\uDE00")));
        message("texts", message -> {
            message.putUserProperty("Odd.na-me_1", "Zürich");
            message.putUserProperty("with blank", "=;,");
            message.putUserProperty("\uD83D\uDE00", "\uD83D\uDE00");
        });
        for (String odd : List.of(
                "", " ", "\n", "\u0000", "\u0001", "\u0002", "a\u0001b\u0002c", "\uD800", "\uDC00x", "%\\\"'")) {
            String shown = odd.replace("\u0001", "[1]")
                    .replace("\u0002", "[2]")
                    .codePoints()
                    .mapToObj(Integer::toHexString)
                    .toList()
                    .toString();
            add("value of " + shown, message -> MessageAccessor.putProperty(message, "odd", odd));
            add("name of " + shown, message -> MessageAccessor.putProperty(message, odd, "value"));
        }
        add("large value", message -> message.putUserProperty("odd", "x".repeat(30_000)));
    }

    /** Names that mean something to OnceMQ or the broker's clients, with values that mean nothing. */
    private void names() {
        List<String> known = List.of(
                "CE_source",
                "CE_type",
                "CE_time",
                "CE_specversion",
                "content-type",
                "traceparent",
                "oncemq-key",
                "oncemq-key-bytes",
                "oncemq-more",
                "oncemq-scope",
                "oncemq-generation",
                "oncemq-dead-letter-destination",
                "KEYS",
                "TAGS",
                "MSG_REGION",
                "ORIGIN_MESSAGE_ID",
                "RECONSUME_TIME",
                "REAL_TOPIC",
                "PGROUP",
                "__odd");
        for (String each : known) {
            for (String value : List.of("no Base64 at all", "AAAA", "AAAA.", ".", "\uD83D\uDE00")) {
                add(each + " = " + value, message -> MessageAccessor.putProperty(message, each, value));
            }
        }
    }

    private void fields() {
        add("flag", message -> message.setFlag(-1));
        add("no wait", message -> message.setWaitStoreMsgOK(false));
        add("keys", message -> message.setKeys("one two  three"));
        add("tags", message -> message.setTags("a || b"));
        add("buyer", message -> message.setBuyerId("b"));
        // Which the client compresses.
        add("long ".repeat(4_000), message -> {});
    }

    private void add(String name, Consumer<Message> more) {
        sent.add(Stranger.handled(name));
        message(name, more);
    }

    private void message(String name, Consumer<Message> more) {
        Message message = new Message(topic, name.getBytes(UTF_8));
        if (name.length() < 1_000) {
            message.putUserProperty(
                    Stranger.NAME, name.codePoints().allMatch(each -> each > 31 && each < 127) ? name : "odd");
        }
        more.accept(message);
        messages.add(message);
    }
}
