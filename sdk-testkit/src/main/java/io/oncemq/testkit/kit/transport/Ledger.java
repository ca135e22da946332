package io.oncemq.testkit.kit.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What one or more {@link Member}s wrote, in order. Not thread-safe. */
final class Ledger {
    private final List<String[]> lines = new ArrayList<>();

    void add(Collection<String> more) {
        more.forEach(line -> lines.add(line.split(" ")));
    }

    /** The effects as seen from outside. */
    List<Effect> all(String consumer) {
        return of("EFFECT")
                .map(line -> new Effect(
                        consumer, line[1], line[2], line[5], Integer.parseInt(line[3]), Long.parseLong(line[4])))
                .toList();
    }

    /** The ids of the effects, repeats included. */
    List<String> effects() {
        return of("EFFECT").map(line -> line[1]).toList();
    }

    /** Ids that the process knows to be stored as done. */
    List<String> done() {
        return of("DONE").map(line -> line[1]).toList();
    }

    /** The attempts of a message that were started. */
    List<Integer> attempts(String id) {
        return of("BEGIN")
                .filter(line -> line[1].equals(id))
                .map(line -> Integer.valueOf(line[3]))
                .toList();
    }

    private Stream<String[]> of(String kind) {
        return lines.stream().filter(line -> line[0].equals(kind));
    }
}
