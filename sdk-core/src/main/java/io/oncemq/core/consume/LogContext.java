package io.oncemq.core.consume;

import io.oncemq.core.Contained;
import io.oncemq.core.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * Puts what a thread works for into the context of its log lines (SLF4J's MDC), and puts back what stood there: a stage may complete on a
 * thread of the application. Never the body. Costs nothing with a logger that has no MDC.
 */
final class LogContext implements AutoCloseable {
    static final String DESTINATION = "oncemq.destination";
    static final String GROUP = "oncemq.group";
    static final String ID = "oncemq.id";
    static final String KEY = "oncemq.key";
    static final String ATTEMPT = "oncemq.attempt";

    private static final String[] NAMES = {DESTINATION, GROUP, ID, KEY, ATTEMPT};
    private static final LogContext NOTHING = new LogContext(new String[0]);

    private final @Nullable String[] before;

    private LogContext(@Nullable String[] before) {
        this.before = before;
    }

    /** Until it is closed, on the same thread, log lines belong to this message; without a context if the logger's throws. */
    static LogContext of(SubscriptionSpec spec, Work work) {
        try {
            if (MDC.getMDCAdapter() instanceof NOPMDCAdapter) {
                return NOTHING;
            }
            @Nullable String[] before = new String[NAMES.length];
            LogContext context = new LogContext(before);
            return Contained.run(() -> put(spec, work, before)) == null ? context : NOTHING;
        } catch (Throwable e) {
            // Memory or stack ran out before anything was put.
            return NOTHING;
        }
    }

    private static void put(SubscriptionSpec spec, Work work, @Nullable String[] before) {
        String key = work.message.key();
        @Nullable
        String[] values = {
            spec.destination(),
            spec.reader(),
            LogText.of(work.identity.id()),
            key == null ? null : LogText.of(key),
            Integer.toString(work.attempt)
        };
        for (int i = 0; i < NAMES.length; i++) {
            before[i] = MDC.get(NAMES[i]);
            set(NAMES[i], values[i]);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < before.length; i++) {
            String name = NAMES[i];
            String value = before[i];
            Contained.run(() -> set(name, value));
        }
    }

    private static void set(String name, @Nullable String value) {
        if (value == null) {
            MDC.remove(name);
        } else {
            MDC.put(name, value);
        }
    }
}
