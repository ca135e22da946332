package io.oncemq.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** What is particular to RocketMQ. */
public class RocketProperties {
    /** Name servers of one cluster, each as host:port; instead of a transport URI. */
    private List<String> nameServers = List.of();

    /** Access key, where the brokers have access control. */
    private @Nullable String accessKey;

    /** The secret key that belongs to it; it signs requests and is not sent. */
    private @Nullable String secretKey;

    /** Keeps topics and groups, and what the store remembers of them, apart from those of other namespaces. */
    private @Nullable String namespace;

    /** How long the brokers keep the queues of a member that has crashed, as they are started with -Drocketmq.broker.rebalance.lockMaxLiveTime. Default: 60 s. */
    private @Nullable Duration lockExpiry;

    /** Encryption; RocketMQ's client compares no host names, so host-name-check must be false. */
    @NestedConfigurationProperty
    private final TlsProperties tls = new TlsProperties();

    public List<String> getNameServers() {
        return nameServers;
    }

    public void setNameServers(List<String> nameServers) {
        this.nameServers = nameServers;
    }

    public @Nullable String getAccessKey() {
        return accessKey;
    }

    public void setAccessKey(@Nullable String accessKey) {
        this.accessKey = accessKey;
    }

    public @Nullable String getSecretKey() {
        return secretKey;
    }

    public void setSecretKey(@Nullable String secretKey) {
        this.secretKey = secretKey;
    }

    public @Nullable String getNamespace() {
        return namespace;
    }

    public void setNamespace(@Nullable String namespace) {
        this.namespace = namespace;
    }

    public @Nullable Duration getLockExpiry() {
        return lockExpiry;
    }

    public void setLockExpiry(@Nullable Duration lockExpiry) {
        this.lockExpiry = lockExpiry;
    }

    public TlsProperties getTls() {
        return tls;
    }
}
