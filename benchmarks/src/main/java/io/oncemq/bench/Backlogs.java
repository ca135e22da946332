package io.oncemq.bench;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Destinations that are full of messages, and groups that have read none of them. */
final class Backlogs {
    private final String name;
    private final Bed bed;
    private final OncePublish publish;
    private final Map<Workload, String> filled = new HashMap<>();
    private int fillings;
    private int groups;

    /** @param clients publish what a run consumes */
    Backlogs(String name, Bed bed, OnceClients clients) {
        this.name = name;
        this.bed = bed;
        this.publish = new OncePublish(clients);
    }

    /** Reads one backlog. */
    interface Reading {
        /** @return messages per second */
        double read(String destination, String group) throws Exception;
    }

    /** Fills a destination, unless the messages of an earlier run are still there. */
    void fill(Workload workload) throws Exception {
        groups++;
        if (!filled.containsKey(workload)) {
            fillings++;
            String destination =
                    "%s-%s-%d".formatted(name, workload.keys().name().toLowerCase(Locale.ROOT), fillings);
            bed.create(destination, group());
            publish.run(destination, workload, fillings);
            filled.put(workload, destination);
        }
    }

    /** Reads what was filled before. */
    double read(Workload workload, Reading reading) throws Exception {
        String destination = Objects.requireNonNull(filled.get(workload), "nothing was filled");
        double rate = reading.read(destination, group());
        if (!bed.keepsMessages()) {
            drop(workload);
        }
        return rate;
    }

    /** Deletes what is left of a workload. */
    void drop(Workload workload) throws Exception {
        @Nullable String destination = filled.remove(workload);
        if (destination != null) {
            bed.delete(destination, group());
        }
    }

    private String group() {
        return "g" + groups;
    }
}
