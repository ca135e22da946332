package io.oncemq.core.publish;

import io.oncemq.Publisher;

/** A publisher of this library, whatever is around it. */
public interface EngineBacked<T> extends Publisher<T> {
    /**
     * The engine's own publisher.
     *
     * @throws io.oncemq.ConnectionException if its client is not connected within the publisher's deadline; blocks until then
     */
    EnginePublisher<T> engine();
}
