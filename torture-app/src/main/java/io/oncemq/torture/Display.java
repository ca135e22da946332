package io.oncemq.torture;

import java.io.PrintStream;

/** Where a person watches: a line that is refreshed in place on a terminal, plain lines elsewhere. Thread-safe. */
final class Display {
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private String live = "";

    Display(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    boolean isTerminal() {
        return terminal;
    }

    /** A line that stays. */
    synchronized void line(String text) {
        out.println(live.isEmpty() ? text : CLEAR + text);
        out.print(live);
        out.flush();
    }

    /** The line that the next call replaces; a plain line where there is no terminal. */
    synchronized void live(String text) {
        if (terminal) {
            live = text;
            out.print(CLEAR + text);
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** Keeps the live line as it stands and goes on below. */
    synchronized void endLive() {
        if (!live.isEmpty()) {
            out.println();
            out.flush();
        }
        live = "";
    }
}
