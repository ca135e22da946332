package io.oncemq.testkit.kit.transport;

import io.oncemq.AuthenticationException;
import io.oncemq.testkit.kit.transport.Right.Use;
import org.jspecify.annotations.Nullable;

/** As whom a client of a {@link MemoryBroker} does what it does. */
final class MemoryLogin {
    /** Who may do everything. */
    static final MemoryLogin OPERATOR = new MemoryLogin(null, "operator", "");

    private final @Nullable MemoryGuard guard;
    private final String user;
    private final String password;

    MemoryLogin(@Nullable MemoryGuard guard, String user, String password) {
        this.guard = guard;
        this.user = user;
        this.password = password;
    }

    void check(Use use, String destination) {
        if (guard != null && !guard.lets(user, password, use, destination)) {
            throw new AuthenticationException(
                    "user", user, "may not " + use + " with " + destination, "Give the user the right", null);
        }
    }
}
