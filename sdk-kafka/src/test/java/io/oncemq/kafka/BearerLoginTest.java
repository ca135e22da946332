package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.security.auth.callback.Callback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerLoginTest {
    private final OAuthBearerTokenCallback wanted = new OAuthBearerTokenCallback();

    @Test
    void theSuppliersTokenIsHandedOver() throws Exception {
        Instant expiry = Instant.parse("2030-01-01T00:00:00Z");
        login(() -> new BearerToken("t", expiry)).handle(new Callback[] {wanted});
        assertThat(wanted.token().value()).isEqualTo("t");
        assertThat(wanted.token().lifetimeMs()).isEqualTo(expiry.toEpochMilli());
    }

    /** Anything but an exception of the login would end the thread that renews tokens, for ever. */
    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoSuchMethodError.class, StackOverflowError.class})
    void whateverTheSupplierThrowsFailsOneRenewalOnly(Class<? extends Throwable> thrown) {
        BearerLogin login = login(() -> {
            throw sneaky(thrown);
        });
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> login.handle(new Callback[] {wanted}))
                .withMessage("the supplier of tokens failed: " + thrown.getName());
    }

    @Test
    void aSupplierWithoutATokenFailsOneRenewalOnly() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> login(() -> null).handle(new Callback[] {wanted}));
    }

    private static BearerLogin login(Supplier<?> tokens) {
        BearerLogin login = new BearerLogin();
        login.configure(Map.of(BearerLogin.TOKENS, tokens), "OAUTHBEARER", List.of());
        return login;
    }

    private static RuntimeException sneaky(Class<? extends Throwable> thrown) {
        try {
            Throwable made = thrown.getDeclaredConstructor().newInstance();
            if (made instanceof Error error) {
                throw error;
            }
            return (RuntimeException) made;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
