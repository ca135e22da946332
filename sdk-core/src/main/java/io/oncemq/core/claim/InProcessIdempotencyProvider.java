package io.oncemq.core.claim;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.IdempotencyStoreProvider;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code memory://name}: whoever names the same store in this process shares it. */
public final class InProcessIdempotencyProvider implements IdempotencyStoreProvider {
    private static final Map<String, InProcessIdempotency> STORES = new ConcurrentHashMap<>();

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public IdempotencyStoreFactory fromUri(URI uri) {
        String name = uri.getHost();
        if (name == null) {
            throw new ConfigurationException("idempotency", uri, "names no store", "Write for example memory://local");
        }
        return STORES.computeIfAbsent(name, any -> InProcessIdempotency.create());
    }
}
