package io.oncemq.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The raw producer. It writes the id as a header, as every application does whose consumers are to tell duplicates. */
final class KafkaRawPublish {
    private KafkaRawPublish() {}

    /**
     * Publishes a workload to a topic; messages per second from the second send to the last confirm. The first message
     * connects.
     */
    static double run(String bootstrap, String topic, Workload workload, long run)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                KafkaSettings.rawProducer(bootstrap), new StringSerializer(), new ByteArraySerializer())) {
            int timed = workload.messages() - 1;
            Countdown confirmed = new Countdown(timed);
            Callback callback = (metadata, error) -> confirmed.outcome(error);
            byte[] body = Workload.body();
            producer.send(record(topic, workload, run, 0, body)).get();
            long start = System.nanoTime();
            for (int i = 1; i <= timed; i++) {
                producer.send(record(topic, workload, run, i, body), callback);
            }
            confirmed.await();
            return Rate.of(timed, System.nanoTime() - start);
        }
    }

    private static ProducerRecord<String, byte[]> record(
            String topic, Workload workload, long run, int message, byte[] body) {
        RecordHeader id = new RecordHeader("ce_id", Workload.id(run, message).getBytes(UTF_8));
        return new ProducerRecord<>(topic, null, workload.key(message), body, List.of(id));
    }
}
