package io.oncemq.core;

import io.oncemq.spi.IdempotencyStore;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The addresses at which a group read a destination, where nothing better tells two clusters apart. Processes of one cluster usually share
 * an address, and those of two clusters never do, unless both say {@code localhost}; so addresses that have nothing in common with all
 * earlier ones are reported, never refused. Addresses that share one with the earlier ones are remembered with them, so a list of nodes may
 * change bit by bit.
 */
final class AddressTrail {
    /** Not a name that an application can give a cluster, which contains no control characters. */
    private static final String MARK = "\nat ";

    private final IdempotencyStore store;
    private final String group;
    private final String system;
    private final String name;

    /** @param cluster what the application calls it, or null */
    AddressTrail(IdempotencyStore store, String group, String system, String destination, @Nullable String cluster) {
        this.store = store;
        this.group = group;
        this.system = system;
        this.name = MARK + system + "\n" + destination + "\n" + (cluster == null ? "" : cluster);
    }

    /**
     * Blocks.
     *
     * @param accepted what the application accepts, as {@link #place} names it
     * @return the place that came first if these addresses have nothing in common with the known ones, else null
     */
    @Nullable
    String follow(List<String> addresses, @Nullable String accepted) {
        if (addresses.isEmpty()) {
            return null;
        }
        String place = place(system, addresses);
        String first = store.cluster(group, name, place, false);
        if (first == null) {
            return null;
        }
        Set<String> here = normal(addresses);
        boolean known = place.equals(accepted)
                || here.stream().anyMatch(known(first)::contains)
                || here.stream().anyMatch(address -> store.cluster(group, name, address, false) == null);
        if (!known) {
            return first;
        }
        here.forEach(address -> store.cluster(group, name, address, true));
        store.cluster(group, name, place, true);
        return null;
    }

    private Set<String> known(String place) {
        return Set.of(place.substring(system.length() + 1).split(","));
    }

    static String place(String system, List<String> addresses) {
        return system + ":" + String.join(",", normal(addresses));
    }

    private static TreeSet<String> normal(List<String> addresses) {
        return addresses.stream()
                .map(address -> address.toLowerCase(Locale.ROOT)
                        .replaceFirst("^(localhost|127(\\.\\d+){3}|\\[::1])(?=:)", "localhost"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
