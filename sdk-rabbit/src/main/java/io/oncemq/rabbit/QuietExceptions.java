package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.StrictExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what a callback of ours failed in, as the client's strict handler does; that a connection broke is not worth an error in the log. */
final class QuietExceptions extends StrictExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(QuietExceptions.class);

    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable exception) {
        LOG.debug("connection {} broke: {}", connection, exception.toString());
    }

    @Override
    protected void log(String message, Throwable e) {
        LOG.warn("{}", message, e);
    }
}
