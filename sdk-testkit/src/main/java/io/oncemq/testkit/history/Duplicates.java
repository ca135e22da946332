package io.oncemq.testkit.history;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Repeated effects.
 *
 * @param inCrashWindow those that a kill explains
 * @param unexplained all others
 * @param perKilledProcess how many effects of each killed process were repeated, by process id
 */
public record Duplicates(Findings inCrashWindow, Findings unexplained, SortedMap<Long, Integer> perKilledProcess) {

    public Duplicates {
        perKilledProcess = Collections.unmodifiableSortedMap(new TreeMap<>(perKilledProcess));
    }

    /** All repeated effects. */
    public long count() {
        return inCrashWindow.count() + unexplained.count();
    }
}
