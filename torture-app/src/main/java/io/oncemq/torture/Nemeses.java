package io.oncemq.torture;

import io.oncemq.torture.Nemesis.Against;
import io.oncemq.torture.Network.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The faults of a run.
 *
 * @param chosen those that happen
 * @param leftOut lines about those that cannot
 */
record Nemeses(List<Nemesis> chosen, List<String> leftOut) {
    Nemeses {
        chosen = List.copyOf(chosen);
        leftOut = List.copyOf(leftOut);
    }

    static List<Nemesis> all() {
        List<Nemesis> all = new ArrayList<>();
        Stream.of(Hook.values()).map(KillAtHook::new).forEach(all::add);
        all.add(new KillConsumer());
        all.add(new PauseConsumer());
        all.add(new KillBroker());
        all.add(new RestartStore(true));
        all.add(new RestartStore(false));
        all.add(new StoreFailover());
        for (Trouble trouble : Trouble.values()) {
            all.add(new Network(trouble, Against.BROKER));
            all.add(new Network(trouble, Against.STORE));
        }
        all.add(new RebalanceStorm());
        all.add(new SlowHandlers());
        all.add(new AddPartition());
        all.add(new RecreateDestination());
        all.add(new ClockShift());
        return all;
    }

    /** Whether the store must be able to fail over. */
    boolean needReplicas() {
        return chosen.stream().anyMatch(StoreFailover.class::isInstance);
    }

    /** @throws UsageException if one that was asked for does not exist, or not on this broker */
    static Nemeses of(Options options) {
        return options.nemeses().isEmpty() ? available(options.broker()) : asked(options);
    }

    private static Nemeses available(BrokerKind broker) {
        List<Nemesis> chosen = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Nemesis each : all()) {
            Optional<String> obstacle = each.obstacle(broker);
            if (obstacle.isPresent()) {
                leftOut.add(each.name() + ": " + obstacle.get());
            } else {
                chosen.add(each);
            }
        }
        return new Nemeses(chosen, leftOut);
    }

    private static Nemeses asked(Options options) {
        List<Nemesis> chosen = options.nemeses().stream()
                .map(name -> all().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new UsageException("--nemesis " + name + ": there is no such one; there are "
                                + all().stream().map(Nemesis::name).collect(Collectors.joining(", ")))))
                .toList();
        for (Nemesis each : chosen) {
            each.obstacle(options.broker()).ifPresent(obstacle -> {
                throw new UsageException(
                        "--nemesis " + each.name() + " on " + options.broker().option() + ": " + obstacle);
            });
        }
        return new Nemeses(chosen, List.of());
    }
}
