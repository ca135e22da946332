package io.oncemq.spring;

import io.oncemq.AuthenticationException;
import io.oncemq.ConnectionException;
import io.oncemq.MessagingException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which server did not answer, or did not let the application in. */
final class ConnectionFailureAnalyzer extends AbstractFailureAnalyzer<MessagingException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, MessagingException cause) {
        if (cause instanceof ConnectionException) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Start the server, or correct oncemq.transport or oncemq.idempotency (oncemq.clients.NAME.… of a named client).",
                    cause);
        }
        if (cause instanceof AuthenticationException refused) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    refused.remedy()
                            .orElse("Correct username and password below oncemq.kafka, oncemq.rabbit or oncemq.redis."),
                    cause);
        }
        return null;
    }
}
