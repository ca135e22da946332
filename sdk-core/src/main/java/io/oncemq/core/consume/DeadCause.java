package io.oncemq.core.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.StoreCommand;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a message is dead-lettered. The claim record keeps it as {@code reason class}, so that an owner that finishes the dead letter of one that
 * died can write it; never the text of the failure, which may have a piece of the message.
 *
 * @param failure the class of the last failure, where one is known
 */
record DeadCause(String reason, @Nullable String failure) {
    private static final Set<String> REASONS = Set.of(
            DeadLetterStep.EXHAUSTED, DeadLetterStep.NOT_RETRYABLE, DeadLetterStep.IN_DOUBT, DeadLetterStep.EXPIRED);

    static DeadCause of(String reason, @Nullable Throwable failure) {
        return new DeadCause(reason, failure == null ? null : failure.getClass().getName());
    }

    /** Records of earlier versions have no cause, those of later ones may have reasons that are unknown here. */
    static DeadCause recorded(String text) {
        int space = text.indexOf(' ');
        String reason = space < 0 ? text : text.substring(0, space);
        if (!REASONS.contains(reason)) {
            return new DeadCause(DeadLetterStep.RESUMED, null);
        }
        return new DeadCause(reason, space < 0 ? null : text.substring(space + 1));
    }

    /** Cut to what a record has room for. */
    String text() {
        String text = failure == null ? reason : reason + " " + failure;
        while (text.getBytes(UTF_8).length > StoreCommand.MOST_CAUSE_BYTES) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        return text;
    }
}
