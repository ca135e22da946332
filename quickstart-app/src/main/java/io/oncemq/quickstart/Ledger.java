package io.oncemq.quickstart;

import io.oncemq.testkit.history.EffectLedger;
import io.oncemq.testkit.history.EventKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file that all consumer processes append their effects to, seen by the one that judges. Thread-safe. */
final class Ledger {
    private final Path path;
    private final LineTally tally;

    Ledger(Path path) {
        this.path = path;
        this.tally = new LineTally(path);
    }

    /** How many effects it holds by now. */
    int size() {
        return tally.lines();
    }

    /** In the order in which they were written, over all processes: the file's own order. */
    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        if (Files.exists(path)) {
            EffectLedger.read(path, event -> {
                if (event.kind() == EventKind.EFFECT) {
                    effects.add(new Effect(event.id(), event.key(), event.sequence(), event.process(), event.nanos()));
                }
            });
        }
        return effects;
    }
}
