package io.oncemq.kafka;

import io.oncemq.Headers;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Messages to records and back; the hot path, so arrays are handed through and nothing is copied twice. */
final class KafkaRecords {
    /** Stands for a header without a value, known again by its identity; to everybody else it is an empty one. */
    private static final byte[] NO_VALUE = new byte[0];

    private KafkaRecords() {}

    /** @param partition null lets the producer fill one batch after another */
    @SuppressWarnings(
            "NullAway") // Kafka's own code is not annotated: null means "none" for partition, time, key and value
    static ProducerRecord<byte[], byte[]> outbound(OutboundFrame frame, @Nullable Integer partition) {
        String key = frame.key();
        return new ProducerRecord<>(
                frame.destination(),
                partition,
                null,
                key == null ? null : KeyBytes.of(key),
                frame.body(),
                new HeaderView(frame.headers()));
    }

    static List<InboundMessage> inbound(List<ConsumerRecord<byte[], byte[]>> records, String incarnation) {
        int count = records.size();
        List<InboundMessage> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(inbound(records.get(i), incarnation));
        }
        return messages;
    }

    private static InboundMessage inbound(ConsumerRecord<byte[], byte[]> record, String incarnation) {
        byte[] key = record.key();
        byte[] body = record.value();
        Header[] headers = record.headers().toArray();
        int size = (key == null ? 0 : key.length) + (body == null ? 0 : body.length);
        String[] names = new String[headers.length];
        byte[][] values = new byte[headers.length][];
        for (int i = 0; i < headers.length; i++) {
            byte[] value = headers[i].value();
            names[i] = headers[i].key();
            values[i] = value == null ? NO_VALUE : value;
            size += names[i].length() + values[i].length;
        }
        return InboundMessage.builder(record.offset(), record.offset())
                .key(key == null ? null : KeyBytes.text(key))
                .incarnation(incarnation)
                .headers(Headers.wrap(names, values))
                .body(body)
                .timestampMillis(record.timestamp())
                .size(size)
                .build();
    }

    @SuppressWarnings("NullAway") // Kafka's own code is not annotated: null means "no value"
    private static Header header(String name, byte[] value) {
        return new RecordHeader(name, value == NO_VALUE ? null : value);
    }

    /** One pass over our headers for the client to copy. */
    private static final class HeaderView implements Iterable<Header>, Iterator<Header> {
        private final Headers headers;
        private int next;

        HeaderView(Headers headers) {
            this.headers = headers;
        }

        @Override
        public Iterator<Header> iterator() {
            next = 0;
            return this;
        }

        @Override
        public boolean hasNext() {
            return next < headers.size();
        }

        @Override
        public Header next() {
            int index = next++;
            return header(headers.name(index), headers.value(index));
        }
    }
}
