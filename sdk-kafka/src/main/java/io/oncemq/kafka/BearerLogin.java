package io.oncemq.kafka;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/**
 * Gives the application's tokens to Kafka's client, which asks at the start and before a token expires. Public for Kafka's
 * reflection only; applications use {@link Kafka#oauthBearer}.
 */
public final class BearerLogin implements AuthenticateCallbackHandler {
    /** The client property that carries the supplier. */
    static final String TOKENS = "oncemq.bearer.tokens";

    /** Kafka makes the instances, so nobody can hand it in. */
    private final InstantSource clock = InstantSource.system();

    private Supplier<?> tokens = () -> {
        throw new IllegalStateException(TOKENS + " is not set");
    };

    public BearerLogin() {}

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> jaas) {
        if (configs.get(TOKENS) instanceof Supplier<?> supplier) {
            tokens = supplier;
        }
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback each : callbacks) {
            if (each instanceof OAuthBearerTokenCallback wanted) {
                wanted.token(token());
            } else if (!(each instanceof SaslExtensionsCallback)) {
                throw new UnsupportedCallbackException(each);
            }
        }
    }

    /**
     * What the supplier throws may quote a secret, so only its class is told. An Error is no exception from this: it would end the thread
     * of the client that renews tokens.
     */
    private Token token() throws IOException {
        Object supplied;
        try {
            supplied = tokens.get();
        } catch (RuntimeException | Error e) {
            throw new IOException(
                    "the supplier of tokens failed: " + e.getClass().getName());
        }
        if (supplied instanceof BearerToken token) {
            return new Token(token, clock.instant());
        }
        throw new IOException("the supplier of tokens returned none");
    }

    @Override
    public void close() {}

    private record Token(BearerToken token, Instant since) implements OAuthBearerToken {
        @Override
        public String value() {
            return token.value();
        }

        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return token.expiresAt().toEpochMilli();
        }

        /** For the client's own log only; the broker reads its name off the token. */
        @Override
        public String principalName() {
            return "oncemq";
        }

        @Override
        public Long startTimeMs() {
            return since.toEpochMilli();
        }
    }
}
