package io.oncemq.core;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.CompletionBlocked;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.MessagingEvent.SendBlocked;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes each event as one line, under a logger of its own ({@code io.oncemq.event.DeliveryRetried}, …), so that an application can choose
 * what it wants to read without listening. A line has the name of the event and its fields as {@code name=value}: ids and places, never a
 * body, and of what the application has thrown only class and place, or its text where that is asked for ({@link FailureText}). Thread-safe.
 */
final class EventLog {
    private static final String LOGGERS = "io.oncemq.event.";

    /** What is expected while all goes well. Anything else is a warning, so that nothing new can go unnoticed. */
    private static final Set<Class<?>> GOOD_NEWS = Set.of(
            MessagingEvent.PartitionsAssigned.class,
            MessagingEvent.PartitionsRevoked.class,
            MessagingEvent.BroadcastBegins.class,
            MessagingEvent.AccessRegained.class,
            MessagingEvent.SubscriptionRestarted.class,
            MessagingEvent.SourceResumed.class,
            MessagingEvent.StoreAvailable.class,
            MessagingEvent.PublishingResumed.class,
            MessagingEvent.PublishingUnblocked.class,
            MessagingEvent.KeysUnblocked.class,
            MessagingEvent.PartitionsAccepted.class,
            MessagingEvent.PartitionsRestored.class,
            MessagingEvent.ReplayEnded.class);

    private final Map<Class<?>, Logger> loggers = new ConcurrentHashMap<>();

    void write(MessagingEvent event) {
        // What preflight finds is logged where it is found, in words.
        if (event instanceof DeliveryCompleted || event instanceof PreflightFindings) {
            return;
        }
        Logger logger = loggers.computeIfAbsent(
                event.getClass(), type -> LoggerFactory.getLogger(LOGGERS + type.getSimpleName()));
        Level level = level(event);
        if (logger.isEnabledForLevel(level)) {
            logger.atLevel(level).setCause(stackTrace(event)).log(line(event));
        }
    }

    private static Level level(MessagingEvent event) {
        if (event instanceof DuplicateSuppressed) {
            return Level.DEBUG;
        }
        if (event instanceof SubscriptionFailed) {
            return Level.ERROR;
        }
        return GOOD_NEWS.contains(event.getClass()) ? Level.INFO : Level.WARN;
    }

    /** Where it is the end of a message or of a subscription; a failure that is tried again has its place in the line. */
    private static @Nullable Throwable stackTrace(MessagingEvent event) {
        if (event instanceof DeadLettered letter) {
            return letter.cause() == null ? null : LoggedFailure.of(letter.cause());
        }
        if (event instanceof CompletionBlocked blocked) {
            return blocked.where();
        }
        if (event instanceof SendBlocked blocked) {
            return blocked.where();
        }
        return event instanceof SubscriptionFailed failed ? ThrowableText.readable(failed.cause()) : null;
    }

    private static String line(MessagingEvent event) {
        StringBuilder line = new StringBuilder(event.getClass().getSimpleName());
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            Object value = value(event, component);
            if (value != null && !component.getName().equals("key")) {
                line.append(' ')
                        .append(component.getName())
                        .append('=')
                        .append(value instanceof Throwable cause ? cause(event, cause) : LogText.of(value.toString()));
            }
        }
        return line.toString();
    }

    private static String cause(MessagingEvent event, Throwable cause) {
        boolean ofApplication = event instanceof DeliveryRetried || event instanceof DeadLettered;
        return ofApplication
                ? LoggedFailure.line(cause) + FailureText.field(cause)
                : LogText.of(ThrowableText.text(cause));
    }

    private static @Nullable Object value(MessagingEvent event, RecordComponent component) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an event is a public record", e);
        }
    }
}
