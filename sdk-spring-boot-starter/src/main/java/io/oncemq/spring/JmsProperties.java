package io.oncemq.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** What both ActiveMQ brokers have. */
public abstract class JmsProperties {
    /** Brokers of which one serves, each as host:port; instead of a transport URI. */
    private List<String> addresses = List.of();

    /** User, where the broker asks for one. */
    private @Nullable String username;

    /** The user's password, which is sent as it is: use TLS. */
    private @Nullable String password;

    /** How long a connection may be silent before either side treats the other as dead. Default: 30 s. */
    private @Nullable Duration connectionTtl;

    /** The largest body that is sent. Default: 16MB. */
    private @Nullable DataSize maxMessageSize;

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

    public @Nullable Duration getConnectionTtl() {
        return connectionTtl;
    }

    public void setConnectionTtl(@Nullable Duration connectionTtl) {
        this.connectionTtl = connectionTtl;
    }

    public @Nullable DataSize getMaxMessageSize() {
        return maxMessageSize;
    }

    public void setMaxMessageSize(@Nullable DataSize maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    public TlsProperties getTls() {
        return tls;
    }
}
