package io.oncemq.bench;

import java.util.List;
import java.util.function.Supplier;

/** What a raw consumer does with the messages that came at once. */
interface IdStep {
    /** Takes every message and looks at none. */
    IdStep NONE = (count, ids) -> count;

    /**
     * Handles them all; how many of them were new.
     *
     * @param ids read from the messages when they are asked for
     */
    int handle(int count, Supplier<List<String>> ids);
}
