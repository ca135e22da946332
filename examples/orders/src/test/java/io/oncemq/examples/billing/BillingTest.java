package io.oncemq.examples.billing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.oncemq.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BillingTest {
    private final Billing billing = new Billing(new Ledger(), new FailureSwitch(), new JsonMapper());

    /** The desk blocks where it fails, so it must not fail for the bytes that were the reason for the dead letter. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":\"1\",\"customer\":\"ann\",\"cents\":5}", "not json", "[]", ""})
    void theDeskTakesAnyDeadLetter(String body) {
        assertThatCode(() -> billing.lookAt(body.getBytes(UTF_8), Headers.empty()))
                .doesNotThrowAnyException();
    }
}
