package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.InboundMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.junit.jupiter.api.Test;

class DecodedTest {
    private static final byte[] BODY = {1, 2, 3};
    private static final int MAGIC_AT = 4;

    /** A producer can set the flag on any body, and one such message must not end the group's reading. */
    @Test
    void aBodyThatIsSaidToBeCompressedAndIsNoneIsUnreadableAndTheNextOnesAreRead() throws Exception {
        Decoded decoded = Decoded.of(
                together(stored(7, 0), stored(8, MessageSysFlag.COMPRESSED_FLAG), stored(9, 0)), 0, Wanted.ALL);
        assertThat(decoded.messages()).extracting(InboundMessage::offset).containsExactly(7L, 8L, 9L);
        assertThat(decoded.next()).isEqualTo(10);
        InboundMessage bad = decoded.messages().get(1);
        assertThat(bad.unreadable()).contains("cannot be decompressed");
        assertThat(bad.body()).containsExactly(BODY);
        assertThat(bad.key()).isEqualTo("k");
        assertThat(decoded.messages().get(2).unreadable()).isNull();
    }

    @Test
    void whatTheClientCannotDecodeAtAllIsUnreadableWithItsStoredBytes() throws Exception {
        byte[] bad = stored(7, 0);
        ByteBuffer.wrap(bad).putInt(MAGIC_AT, 42);
        Decoded decoded = Decoded.of(together(bad, stored(8, 0)), 100, Wanted.ALL);
        assertThat(decoded.messages()).extracting(InboundMessage::offset).containsExactly(107L, 108L);
        assertThat(decoded.messages().get(0).unreadable()).isNotNull();
        assertThat(decoded.messages().get(0).body()).isEqualTo(bad);
        assertThat(decoded.next()).isEqualTo(109);
    }

    @Test
    void aMessageThatIsCutOffIsLeftForTheNextPull() throws Exception {
        byte[] cut = Arrays.copyOf(stored(8, 0), 40);
        assertThat(Decoded.of(together(stored(7, 0), cut), 0, Wanted.ALL).next())
                .isEqualTo(8);
        assertThat(Decoded.of(together(cut), 0, Wanted.ALL).next()).isEqualTo(-1);
    }

    private static ByteBuffer together(byte[]... messages) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(messages).mapToInt(each -> each.length).sum());
        for (byte[] each : messages) {
            all.put(each);
        }
        return all.flip();
    }

    private static byte[] stored(long offset, int flags) throws Exception {
        MessageExt message = new MessageExt();
        message.setTopic("orders");
        message.setBody(BODY);
        message.setQueueOffset(offset);
        message.setSysFlag(flags);
        message.setBornHost(new InetSocketAddress("127.0.0.1", 1));
        message.setStoreHost(new InetSocketAddress("127.0.0.1", 2));
        MessageAccessor.putProperty(message, RocketRecords.KEY, "k");
        return MessageDecoder.encode(message, false);
    }
}
