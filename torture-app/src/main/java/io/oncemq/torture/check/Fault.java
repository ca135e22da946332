package io.oncemq.torture.check;

/**
 * Something that was done to the run.
 *
 * @param name of the nemesis and, behind a space, its target in words
 * @param span from when to when; to the end of the history if it was never taken back
 */
record Fault(String name, Span span) {
    String nemesis() {
        return Frame.firstWord(name);
    }

    /** The first word of the target, without a colon behind it. */
    String target() {
        String word = Frame.firstWord(name.substring(name.indexOf(' ') + 1));
        return word.endsWith(":") ? word.substring(0, word.length() - 1) : word;
    }

    /** Whether its target is this process, or the member that it belongs to. */
    boolean isOf(String process) {
        String target = target();
        return process.equals(target) || process.startsWith(target + ".");
    }
}
