package io.oncemq.core;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one rule for code that the application brings (handlers, stages, codecs, observers, listeners, the logger behind a context): it may
 * throw anything. Whatever it throws ends this call and nothing else: the thread that calls it lives on, and what the caller has to give
 * back is given back.
 *
 * <p>Errors count like exceptions. A {@code NoSuchMethodError} of one handler says nothing about the next one, and a thread that dies of
 * it would take the messages of other keys with it. An error of the virtual machine is logged besides, since it concerns the whole process.
 * An {@code InterruptedException} counts like any other: what a thread does about its interrupt flag is the business of its owner. Stateless.
 */
public final class Contained {
    private static final Logger LOG = LoggerFactory.getLogger(Contained.class);

    /** What the application brings. */
    @FunctionalInterface
    public interface Code {
        void run() throws Throwable;
    }

    private Contained() {}

    /** Runs it. @return what it threw, or null */
    public static @Nullable Throwable run(Code code) {
        try {
            code.run();
            return null;
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError) {
                log("code of the application failed with an error of the virtual machine", "", e);
            }
            return e;
        }
    }

    /** Runs it, and logs class and place of what it threw. @param detail what stands behind the phrase, such as a class */
    public static void run(String phrase, String detail, Code code) {
        Throwable thrown = run(code);
        if (thrown != null) {
            log(phrase, detail, thrown);
        }
    }

    /** A logger is code of the application too: an appender that throws must not cost the thread that logs. */
    private static void log(String phrase, String detail, Throwable thrown) {
        try {
            LOG.warn("{} {}", phrase, detail, LoggedFailure.of(thrown));
        } catch (Throwable e) {
            // The log itself is broken; there is no other place to report this.
        }
    }
}
