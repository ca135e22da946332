package io.oncemq.core;

import io.oncemq.ConfigurationException;
import io.oncemq.Finding;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClientSettings;
import io.oncemq.spi.IdempotencyStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as deduplication knows it: by the name that the application gives, else by what the broker says of itself. Immutable.
 *
 * @param name what the application calls it, or null
 * @param system the kind of broker
 * @param told what the broker says of itself; empty if it has no identity
 * @param addresses where the client was told to find it
 * @param accepted the identity that the application accepts for the name, or null
 */
public record Cluster(
        @Nullable String name,
        String system,
        String told,
        List<String> addresses,
        @Nullable String accepted) {
    private static final String MARK = "#oncemq-cluster=";

    /** Blocks. @throws io.oncemq.ConnectionException if the broker does not answer */
    static Cluster of(ClientSettings settings, BrokerTransport transport) {
        return new Cluster(
                settings.clusterName(),
                transport.capabilities().system(),
                transport.cluster(),
                transport.addresses(),
                settings.acceptedCluster());
    }

    /** The kind of broker and what it says of itself, such as {@code kafka:4L6g3nShT-eMCtK--X86sw}. */
    String identity() {
        return system + ":" + told;
    }

    /** The scope of what carries neither a scope nor a source: no two pairs of destination and cluster have the same one. */
    public String scopeOf(String destination) {
        String known = name == null ? identity() : name;
        return part(destination) + MARK + part(known);
    }

    private static String part(String text) {
        return text.indexOf('%') < 0 && text.indexOf('#') < 0
                ? text
                : text.replace("%", "%25").replace("#", "%23");
    }

    /** What stands against a store that another cluster may share: this one has neither an identity nor a name. */
    List<Finding> findings() {
        if (name != null || !told.isEmpty()) {
            return List.of();
        }
        return List.of(Finding.unchecked(
                "cluster " + system + " at " + String.join(",", addresses),
                "clusterName",
                "the broker has no identity of its own that every client may read",
                "must be given: if a second " + system
                        + " cluster uses the same store, messages with equal ids suppress each other",
                "Give each cluster a name, the same in all its clients, with clusterName(\"...\") (Spring Boot: oncemq.cluster-name). Do it before the"
                        + " first message: a name given later makes remembered messages new. If no other "
                        + system
                        + " cluster will ever use this store, call acceptUnchecked(\"clusterName\", reason)"));
    }

    /**
     * Blocks.
     *
     * @param group as the store knows it
     * @return at which place the group read the destination first, if this may be another one; null if nothing says so
     * @throws ConfigurationException if the store remembers another cluster of that name
     */
    public @Nullable String check(IdempotencyStore store, String group, String destination) {
        if (name != null) {
            checkName(store, group, name);
        }
        return told.isEmpty()
                ? new AddressTrail(store, group, system, destination, name).follow(addresses, accepted)
                : null;
    }

    private void checkName(IdempotencyStore store, String group, String given) {
        String other = store.cluster(group, given, identity(), identity().equals(accepted));
        if (other != null) {
            throw new ConfigurationException(
                    "clusterName",
                    given,
                    "the group used this name for " + other + ", and this broker is " + identity()
                            + ": equal ids on both would count as duplicates",
                    "Give this cluster another name; or, if messages move from one to the other or it was rebuilt, call acceptCluster(\""
                            + identity() + "\")");
        }
    }

    /** As a suspicion names it: the kind of broker and the addresses. */
    public String place() {
        return AddressTrail.place(system, addresses);
    }
}
