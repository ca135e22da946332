package io.oncemq.spring;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How a listener method says that it has ended. */
enum ListenerResult {
    /** By returning. */
    RETURN,
    /** By a stage that completes. */
    STAGE,
    /** By a Mono, which is subscribed once for each attempt. */
    MONO;

    private static final String MONO_TYPE = "reactor.core.publisher.Mono";

    /** Null where what it returns would be dropped. */
    static @Nullable ListenerResult of(Method method) {
        Class<?> type = method.getReturnType();
        if (type == void.class) {
            return RETURN;
        }
        if (CompletionStage.class.isAssignableFrom(type)) {
            return STAGE;
        }
        return type.getName().equals(MONO_TYPE) ? MONO : null;
    }

    CompletionStage<?> stage(@Nullable Object returned, Method method) {
        if (returned == null) {
            throw new IllegalStateException(method.getName() + " returned null instead of a stage");
        }
        return this == MONO ? OfReactor.stage(returned) : (CompletionStage<?>) returned;
    }

    /** Loaded only where Reactor is. */
    private static final class OfReactor {
        static CompletionStage<?> stage(Object mono) {
            return ((Mono<?>) mono).toFuture();
        }
    }
}
