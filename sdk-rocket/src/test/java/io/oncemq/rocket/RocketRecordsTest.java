package io.oncemq.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RocketRecordsTest {
    @Test
    void writesHeadersAsPropertiesThatOtherProgramsCanRead() {
        Message message = RocketRecords.outbound(
                frame("k", Headers.builder().add("CE_id", "1").build(), bytes("body")), "t");
        assertThat(message.getUserProperty("CE_id")).isEqualTo("1");
        assertThat(message.getUserProperty(RocketRecords.KEY)).isEqualTo("k");
        assertThat(message.getKeys()).isEqualTo("id-1 k");
        assertThat(message.getBody()).isEqualTo(bytes("body"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a|b", "*", ""})
    void namesNoTagThatAFilterCouldNotAskFor(String type) {
        Headers headers = Headers.builder().add("CE_type", type).build();
        assertThat(RocketRecords.outbound(frame("k", headers, bytes("b")), "t").getTags())
                .isNull();
        Headers plain = Headers.builder().add("CE_type", "order.paid").build();
        assertThat(RocketRecords.outbound(frame("k", plain, bytes("b")), "t").getTags())
                .isEqualTo("order.paid");
    }

    @Test
    void countsWhatThePropertiesTakeOnTheWire() {
        Headers headers = Headers.builder()
                .add("plain", "text")
                .add("ü", "ä߿ࠀ€\uffff")
                .add("pair", "a😀b\ud800\udc00")
                .build();
        Message message = RocketRecords.outbound(frame("schlüssel", headers, bytes("b")), "t");
        assertThat(RocketRecords.propertyBytes(message))
                .isEqualTo(bytes(MessageDecoder.messageProperties2String(message.getProperties())).length);
    }

    /** The broker splits them at spaces. */
    @Test
    void leavesOutOfTheIndexWhatHasASpace() {
        assertThat(RocketRecords.outbound(frame("a b", Headers.empty(), bytes("b")), "t")
                        .getKeys())
                .isEqualTo("id-1");
    }

    @Test
    void keepsHeadersThatAreNoProperties() {
        Headers headers = Headers.builder()
                .add("twice", "1")
                .add("twice", "2")
                .add("blank", "")
                .add("separators", "a\u0001b\u0002c")
                .add("raw", new byte[] {(byte) 0xff, 0, 1})
                .add("KEYS", "reserved")
                .add("UNIQ_KEY", "reserved")
                .add("__SHARDINGKEY", "reserved")
                .add("raw", "text after bytes")
                .build();
        Message message = RocketRecords.outbound(frame(null, headers, bytes("b")), "t");
        InboundMessage back = overTheWire(message);
        headers.names()
                .forEach(name ->
                        assertThat(values(back.headers(), name)).as(name).isEqualTo(values(headers, name)));
        assertThat(back.headers().size()).isEqualTo(headers.size());
        assertThat(message.getKeys()).isEqualTo("id-1");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"customer-7", "", " ", "a\u0001b", "\uD83D\uDE00", "Bücher"})
    void keepsTheKey(@Nullable String key) {
        assertThat(overTheWire(RocketRecords.outbound(frame(key, Headers.empty(), bytes("b")), "t"))
                        .key())
                .isEqualTo(key);
    }

    @Test
    void keepsAKeyThatIsNoText() {
        String key = KeyBytes.text(new byte[] {(byte) 0xff, 'a'});
        assertThat(overTheWire(RocketRecords.outbound(frame(key, Headers.empty(), bytes("b")), "t"))
                        .key())
                .isEqualTo(key);
    }

    @Test
    void tellsATombstoneFromAnEmptyBodyAndAZeroByte() {
        assertThat(body(null)).isNull();
        assertThat(body(new byte[0])).isEmpty();
        assertThat(body(new byte[] {0})).containsExactly(0);
    }

    @Test
    void whatOnlyLooksLikeOursStopsNothing() {
        Message foreign = new Message("t", bytes("body"));
        foreign.putUserProperty(RocketRecords.MORE, "no Base64");
        foreign.putUserProperty(RocketRecords.KEY_BYTES, "?.");
        InboundMessage message = overTheWire(foreign);
        assertThat(values(message.headers(), RocketRecords.MORE)).containsExactly("no Base64");
        assertThat(message.key()).isNull();
        assertThat(message.body()).isEqualTo(bytes("body"));
    }

    private static byte @Nullable [] body(byte @Nullable [] body) {
        return overTheWire(RocketRecords.outbound(frame("k", Headers.empty(), body), "t"))
                .body();
    }

    private static InboundMessage overTheWire(Message message) {
        MessageExt arrived = new MessageExt();
        String properties = MessageDecoder.messageProperties2String(message.getProperties());
        MessageDecoder.string2messageProperties(properties)
                .forEach((name, value) -> MessageAccessor.putProperty(arrived, name, value));
        arrived.setBody(message.getBody());
        arrived.setTopic(message.getTopic());
        return RocketRecords.inbound(arrived);
    }

    private static List<String> values(Headers headers, String name) {
        List<String> values = new ArrayList<>();
        headers.forEach((each, value) -> {
            if (each.equals(name)) {
                values.add(KeyBytes.text(value));
            }
        });
        return values;
    }

    private static OutboundFrame frame(@Nullable String key, Headers headers, byte @Nullable [] body) {
        return new OutboundFrame("t", "id-1", key, KeyHash.of(key == null ? "id-1" : key), headers, body, 100);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
