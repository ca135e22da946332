package io.oncemq.core;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClientSettings;
import io.oncemq.spi.IdempotencyStore;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as deduplication knows it: by the name that the application gives, else by what the broker says of itself. Immutable.
 *
 * @param name what the application calls it, or null
 * @param identity the kind of broker and what it says of itself, such as {@code kafka:4L6g3nShT-eMCtK--X86sw}
 * @param accepted whether the application accepts this identity for the name
 */
public record Cluster(@Nullable String name, String identity, boolean accepted) {
    private static final String MARK = "#oncemq-cluster=";

    /** Blocks. @throws io.oncemq.ConnectionException if the broker does not answer */
    static Cluster of(ClientSettings settings, BrokerTransport transport) {
        String identity = transport.capabilities().system() + ":" + transport.cluster();
        return new Cluster(settings.clusterName(), identity, identity.equals(settings.acceptedCluster()));
    }

    /** The scope of what carries neither a scope nor a source: no two pairs of destination and cluster have the same one. */
    public String scopeOf(String destination) {
        String known = name == null ? identity : name;
        return part(destination) + MARK + part(known);
    }

    private static String part(String text) {
        return text.indexOf('%') < 0 && text.indexOf('#') < 0
                ? text
                : text.replace("%", "%25").replace("#", "%23");
    }

    /**
     * @param group as the store knows it
     * @throws ConfigurationException if the store remembers another cluster of that name
     */
    public void check(IdempotencyStore store, String group) {
        if (name == null) {
            return;
        }
        String other = store.cluster(group, name, identity, accepted);
        if (other != null) {
            throw new ConfigurationException(
                    "clusterName",
                    name,
                    "the group used this name for " + other + ", and this broker is " + identity
                            + ": equal ids on both would be taken for duplicates",
                    "Give this cluster another name; or, if messages move from one to the other or it was rebuilt, call acceptCluster(\""
                            + identity + "\")");
        }
    }
}
