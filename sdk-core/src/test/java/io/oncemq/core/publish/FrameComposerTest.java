package io.oncemq.core.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.oncemq.ConfigurationException;
import io.oncemq.OutboundMessage;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameComposerTest {
    private static final byte[] TEXT = "text/plain".getBytes(UTF_8);

    private final FrameComposer composer = new FrameComposer("ce_");

    private OutboundFrame compose(OutboundMessage<String> message) {
        String body = message.body();
        return composer.compose(
                "orders", message, message.headers(), message.id(), body == null ? null : body.getBytes(UTF_8), TEXT);
    }

    @Test
    void writesACompleteCloudEvent() {
        OutboundFrame frame = compose(OutboundMessage.of("body")
                .id("1")
                .source("/shop")
                .type("order.paid")
                .time(Instant.parse("2026-01-02T03:04:05Z"))
                .header("tenant", "żółw"));
        assertThat(frame.headers().names())
                .containsExactly(
                        "ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time", "content-type", "tenant");
        assertThat(frame.headers().text("ce_id")).isEqualTo("1");
        assertThat(frame.headers().text("ce_source")).isEqualTo("/shop");
        assertThat(frame.headers().text("ce_type")).isEqualTo("order.paid");
        assertThat(frame.headers().text("ce_specversion")).isEqualTo("1.0");
        assertThat(frame.headers().text("ce_time")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(frame.headers().text("tenant")).isEqualTo("żółw");
    }

    @Test
    void writesFurtherAttributesUnderTheBrokersNames() {
        OutboundMessage<String> message = OutboundMessage.of("body")
                .id("1")
                .attribute("correlationid", "first")
                .attribute("subject", "order 7")
                .attribute("correlationid", "second")
                .type("order.paid");
        assertThat(message.attributes().names()).containsExactlyInAnyOrder("correlationid", "subject");
        OutboundFrame frame = compose(message);
        assertThat(frame.headers().names())
                .containsExactlyInAnyOrder("ce_id", "ce_type", "ce_correlationid", "ce_subject", "content-type");
        assertThat(frame.headers().text("ce_correlationid")).isEqualTo("second");
        assertThat(frame.headers().text("ce_subject")).isEqualTo("order 7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "correlation-id",
                "CorrelationId",
                "ce_subject",
                "aNameThatIsTooLong123",
                "aaaaaaaaaaaaaaaaaaaaa"
            })
    void refusesWhatIsNoNameOfAnAttribute(String name) {
        assertThatThrownBy(() -> OutboundMessage.of("b").attribute(name, "v"))
                .asInstanceOf(type(ConfigurationException.class))
                .returns("OutboundMessage.attribute", ConfigurationException::property)
                .satisfies(refusal -> assertThat(refusal).hasMessageContaining("lower-case letters and digits"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type", "time", "specversion", "datacontenttype", "data"})
    void refusesAttributesThatAreSetOtherwise(String name) {
        assertThatThrownBy(() -> OutboundMessage.of("b").attribute(name, "v"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is set by a method of its own");
    }

    @Test
    void claimsToBeACloudEventOnlyWithSourceAndType() {
        assertThat(compose(OutboundMessage.of("b").source("s")).headers().names())
                .containsExactly("ce_id", "ce_source", "content-type");
        assertThat(compose(OutboundMessage.of("b").type("t")).headers().names())
                .containsExactly("ce_id", "ce_type", "content-type");
    }

    @Test
    void aTombstoneKeepsItsKey() {
        assertThatThrownBy(() -> OutboundMessage.tombstone("k").withoutKey())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tombstone");
    }

    @Test
    void aTombstoneHasNoContentType() {
        OutboundFrame frame = compose(OutboundMessage.<String>tombstone("k").id("1"));
        assertThat(frame.body()).isNull();
        assertThat(frame.headers().names()).containsExactly("ce_id");
    }

    @Test
    void theApplicationsContentTypeWins() {
        OutboundFrame frame = compose(OutboundMessage.of("b").id("1").header("content-type", "application/x-own"));
        assertThat(frame.headers().names()).containsExactly("ce_id", "content-type");
        assertThat(frame.headers().text("content-type")).isEqualTo("application/x-own");
    }

    @Test
    void placesByTheKeyElseByTheId() {
        assertThat(compose(OutboundMessage.of("b").id("1").key("ключ")).keyHash())
                .isEqualTo(KeyHash.of("ключ"));
        assertThat(compose(OutboundMessage.of("b").id("1")).keyHash()).isEqualTo(KeyHash.of("1"));
    }

    @Test
    void countsKeyHeadersAndBody() {
        OutboundFrame frame = compose(OutboundMessage.of("body").id("id").key("key"));
        assertThat(frame.size())
                .isEqualTo("ce_id".length() + 2 + "content-type".length() + TEXT.length + "key".length() + 4);
    }

    @Test
    void aDerivedIdReplacesTheMessagesOwn() {
        OutboundMessage<String> message = OutboundMessage.of("b").id("own");
        OutboundFrame frame = composer.compose("orders", message, message.headers(), "derived", new byte[0], TEXT);
        assertThat(frame.id()).isEqualTo("derived");
        assertThat(frame.headers().text("ce_id")).isEqualTo("derived");
    }
}
