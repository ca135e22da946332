package io.oncemq.kafka;

import io.oncemq.spi.SourceSpec;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How much a consumer fetches at once (G17). A pause takes effect at the next poll, so each partition may exceed its share of the engine's
 * bound by one poll. All polls together are therefore a quarter of the bound, also where one member owns every partition. The client keeps
 * at most one fetch of a partition beside that.
 *
 * @param partitions of the topic; at least 1
 */
record FetchRoom(SourceSpec spec, int partitions) {
    /** Larger polls save no processor time that can be measured. */
    private static final int MOST_PER_POLL = 2000;

    /** Kafka's own defaults of one fetch from a broker, and of one partition in it. */
    private static final int FETCH_BYTES = 50 << 20;

    private static final int PARTITION_BYTES = 1 << 20;

    /** Where batches are larger than this limit, each fetch brings a batch of one partition only, so it is not below the usual size of a batch. */
    private static final int LEAST_PARTITION_BYTES = 64 << 10;

    Map<String, Object> properties() {
        return Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, between(1, share(spec.maxInFlight()), MOST_PER_POLL),
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, between(1, spec.maxInFlightBytes(), FETCH_BYTES),
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, partitionBytes());
    }

    private int partitionBytes() {
        int wanted = between(LEAST_PARTITION_BYTES, share(spec.maxInFlightBytes()), PARTITION_BYTES);
        return between(1, spec.maxInFlightBytes(), wanted);
    }

    private long share(long bound) {
        return bound / 4 / partitions;
    }

    private static int between(int least, long wanted, int most) {
        return Math.toIntExact(Math.max(least, Math.min(wanted, most)));
    }
}
