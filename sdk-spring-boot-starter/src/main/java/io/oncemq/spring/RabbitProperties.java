package io.oncemq.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** What is particular to RabbitMQ. */
public class RabbitProperties {
    /** Nodes of one cluster, each as host:port; instead of a transport URI. */
    private List<String> addresses = List.of();

    /** User; guest without it. */
    private @Nullable String username;

    /** The user's password. */
    private @Nullable String password;

    /** Virtual host of all destinations. */
    private @Nullable String virtualHost;

    /** Time between two heartbeats of a connection. Default: 10 s. */
    private @Nullable Duration heartbeat;

    /** The server's consumer_timeout, which cannot be read over AMQP. Default: 30 minutes. */
    private @Nullable Duration consumerTimeout;

    /** The server's max_message_size, which cannot be read over AMQP. */
    private @Nullable DataSize maxMessageSize;

    /** Name under which the store remembers what groups have handled here. Default: the virtual host's. */
    private @Nullable String namespace;

    /** How long the queues of an absent broadcast instance are kept. Default: 30 minutes. */
    private @Nullable Duration keepInstancesFor;

    /** Encryption. */
    @NestedConfigurationProperty
    private final TlsProperties tls = new TlsProperties();

    public List<String> getAddresses() {
        return addresses;
    }

    public void setAddresses(List<String> addresses) {
        this.addresses = addresses;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getVirtualHost() {
        return virtualHost;
    }

    public void setVirtualHost(@Nullable String virtualHost) {
        this.virtualHost = virtualHost;
    }

    public @Nullable Duration getHeartbeat() {
        return heartbeat;
    }

    public void setHeartbeat(@Nullable Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    public @Nullable Duration getConsumerTimeout() {
        return consumerTimeout;
    }

    public void setConsumerTimeout(@Nullable Duration consumerTimeout) {
        this.consumerTimeout = consumerTimeout;
    }

    public @Nullable DataSize getMaxMessageSize() {
        return maxMessageSize;
    }

    public void setMaxMessageSize(@Nullable DataSize maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    public @Nullable String getNamespace() {
        return namespace;
    }

    public void setNamespace(@Nullable String namespace) {
        this.namespace = namespace;
    }

    public @Nullable Duration getKeepInstancesFor() {
        return keepInstancesFor;
    }

    public void setKeepInstancesFor(@Nullable Duration keepInstancesFor) {
        this.keepInstancesFor = keepInstancesFor;
    }

    public TlsProperties getTls() {
        return tls;
    }
}
