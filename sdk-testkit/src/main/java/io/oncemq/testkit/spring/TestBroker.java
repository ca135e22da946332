package io.oncemq.testkit.spring;

/** Which broker {@link OnceMqTest} starts. */
public enum TestBroker {
    /**
     * The one of the application: by the scheme of {@code oncemq.transport}, by the property that names the servers, such as
     * {@code oncemq.kafka.bootstrap-servers}, or the only adapter on the class path.
     */
    AUTO,
    /** None: the application's own properties and connection details count. */
    NONE,
    KAFKA,
    /** As {@link io.oncemq.testkit.server.RabbitServer} says, it is not available everywhere. */
    RABBIT,
    ROCKETMQ,
    ARTEMIS,
    /** ActiveMQ Classic. */
    ACTIVEMQ
}
