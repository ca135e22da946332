package io.oncemq.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message says of its body counts. */
class ContentTypeTest {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String ENVELOPE =
            "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/shop\",\"type\":\"order\"";

    record Order(String customer, int cents) {}

    private final Codec<Order> codec = Json.of(Order.class);

    private Order decoded(String type, String body) {
        return codec.decode(
                body.getBytes(UTF_8),
                Headers.builder().set("content-type", type).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; charset=utf-8",
                "text/json",
                "application/vnd.shop.order+json",
                "text/plain",
                "application/octet-stream"
            })
    void readsWhatIsJsonOrSaysNothing(String type) {
        assertThat(decoded(type, "{\"customer\":\"ann\",\"cents\":5}")).isEqualTo(new Order("ann", 5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/xml",
                "application/avro",
                "application/cloudevents-batch+json",
                "image/png",
                "nonsense"
            })
    void refusesWhatIsDeclaredAsAnotherFormat(String type) {
        assertThatThrownBy(() -> decoded(type, "{\"customer\":\"ann\",\"cents\":5}"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(type + ", which is not JSON");
    }

    @Test
    void takesTheDataOutOfAStructuredCloudEvent() {
        assertThat(decoded(STRUCTURED + "; charset=UTF-8", ENVELOPE + ",\"data\":{\"customer\":\"ann\",\"cents\":5}}"))
                .isEqualTo(new Order("ann", 5));
    }

    @Test
    void keepsEveryDigitOfWhatIsInsideOfACloudEvent() {
        String exact = "12345678901234567890.123456789012345678901";
        String event = ENVELOPE + ",\"data\":" + exact + "}";
        assertThat(Json.of(BigDecimal.class)
                        .decode(
                                event.getBytes(UTF_8),
                                Headers.builder()
                                        .set("content-type", STRUCTURED)
                                        .build()))
                .isEqualTo(new BigDecimal(exact));
    }

    @Test
    void takesBinaryDataOutOfAStructuredCloudEvent() {
        assertThat(
                        decoded(
                                STRUCTURED,
                                ENVELOPE
                                        + ",\"datacontenttype\":\"application/json\",\"data_base64\":\"eyJjdXN0b21lciI6ImFubiIsImNlbnRzIjo1fQ==\"}"))
                .isEqualTo(new Order("ann", 5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"customer\":\"s3cret\",\"cents\":5}",
                "\"s3cret\"",
                "s3cret",
                "",
                "null",
                ENVELOPE + "}",
                ENVELOPE + ",\"data\":null}",
                ENVELOPE + ",\"data\":\"s3cret\"}",
                ENVELOPE + ",\"data_base64\":\"*s3cret*\"}",
                ENVELOPE + ",\"data_base64\":17}",
                ENVELOPE + ",\"datacontenttype\":\"application/xml\",\"data\":\"<s3cret/>\"}"
            })
    void refusesAStructuredCloudEventWithoutABodyOfTheType(String body) {
        assertThatThrownBy(() -> decoded(STRUCTURED, body))
                .isInstanceOf(CodecException.class)
                .hasNoCause()
                .message()
                .doesNotContain("s3cret");
    }
}
