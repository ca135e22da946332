package io.oncemq.core.consume;

import java.util.Optional;

/**
 * The scope of messages in a replay that handles them once more: the scope that they have otherwise, and the replay's name. A message that
 * carries the scope of one replay, since it came back from its dead letter, is in another one what it was at first.
 */
final class ReplayScope {
    private static final String MARK = "#oncemq-replay=";

    private ReplayScope() {}

    static String of(String scope, String replay) {
        int mark = scope.indexOf(MARK);
        return (mark < 0 ? scope : scope.substring(0, mark)) + MARK + replay;
    }

    /** The name of the replay, if the scope is one's. */
    static Optional<String> replay(String scope) {
        int mark = scope.indexOf(MARK);
        return mark < 0 ? Optional.empty() : Optional.of(scope.substring(mark + MARK.length()));
    }
}
