package io.oncemq.micrometer;

import io.micrometer.common.KeyValue;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Outcomes as tags: few values, and none of them text that somebody else chose. */
final class Outcomes {
    static final String NONE = KeyValue.NONE_VALUE;
    static final String CONFIRMED = "confirmed";
    static final String REJECTED = "rejected";
    static final String UNKNOWN = "unknown";
    static final String FAILED = "failed";

    private Outcomes() {}

    static String of(@Nullable Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof PublishRejectedException) {
            return REJECTED;
        }
        return cause instanceof PublishOutcomeUnknownException ? UNKNOWN : FAILED;
    }

    /** Whether the broker may have seen it. */
    static boolean handedOver(@Nullable Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof PublishRejectedException rejected) {
            return switch (rejected.reason()) {
                case NOT_ATTEMPTED, KEY_FROZEN -> false;
                case REFUSED, UNROUTABLE, TOO_LARGE, UNAUTHORIZED -> true;
            };
        }
        return cause instanceof PublishOutcomeUnknownException;
    }

    static String errorType(@Nullable Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause == null) {
            return NONE;
        }
        return cause instanceof PublishRejectedException rejected
                ? lower(rejected.reason())
                : cause.getClass().getName();
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
