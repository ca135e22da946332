package io.oncemq.micrometer;

import io.micrometer.common.docs.KeyName;

/**
 * The tags of meters and the key values of observations. What OpenTelemetry's messaging conventions name has their name; what they do not
 * know begins with {@code oncemq.}.
 */
public enum MessagingKey implements KeyName {
    /** The broker: {@code kafka}, {@code rabbitmq}, … */
    SYSTEM("messaging.system"),
    /** {@code send} or {@code process}. */
    OPERATION_NAME("messaging.operation.name"),
    /** As the name; the conventions ask for both. */
    OPERATION_TYPE("messaging.operation.type"),
    DESTINATION("messaging.destination.name"),
    /** The group as configured: without the instance of a broadcast group and without the name of a replay. */
    GROUP("messaging.consumer.group.name"),
    /** {@code none}, the reason of a rejection in small letters, or the class of the exception. */
    ERROR_TYPE("error.type"),
    /** What became of it. */
    OUTCOME("oncemq.outcome"),
    /** Why a message is a dead letter, as in its header {@code oncemq-dead-letter-reason}. */
    REASON("oncemq.reason"),
    /** Of a completion alert: {@code late} or {@code stolen}. */
    KIND("oncemq.kind"),
    /** {@code running} or {@code paused}. */
    STATE("oncemq.state"),
    /** The partition, queue or shard, as the broker names it; a tag of what is told of one shard only. */
    PARTITION("messaging.destination.partition.id"),

    /** High cardinality, as all that follow: never a tag of a meter. */
    MESSAGE_ID("messaging.message.id"),
    CLIENT_ID("messaging.client.id"),
    /** Kafka only. */
    KAFKA_OFFSET("messaging.kafka.offset"),
    /** Kafka only; elsewhere {@link #MESSAGE_KEY}. */
    KAFKA_KEY("messaging.kafka.message.key"),
    /** The ordering key; on Kafka {@link #KAFKA_KEY}. */
    MESSAGE_KEY("oncemq.message.key"),
    ATTEMPT("oncemq.attempt"),
    /** The name of the replay in which it is handled once more. */
    REPLAY("oncemq.replay");

    private final String name;

    MessagingKey(String name) {
        this.name = name;
    }

    @Override
    public String asString() {
        return name;
    }
}
