package io.oncemq.core.publish;

import org.jspecify.annotations.Nullable;

/** Shows where a thread is, as a throwable that was never thrown. */
final class Stacks {
    private Stacks() {}

    static Throwable of(@Nullable Thread thread, String what) {
        Throwable where = new Throwable("stack of " + what);
        where.setStackTrace(thread == null ? new StackTraceElement[0] : thread.getStackTrace());
        return where;
    }
}
