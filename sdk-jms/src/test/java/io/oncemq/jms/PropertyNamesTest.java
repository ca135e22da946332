package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyNamesTest {
    @ParameterizedTest
    @CsvSource({
        "cloudEvents_id, cloudEvents_id",
        "content-type, content_HYPHEN_type",
        "oncemq-dead-letter-cause, oncemq_HYPHEN_dead_HYPHEN_letter_HYPHEN_cause",
        "a.b, a_DOT_b",
        "a_-b, a__HYPHEN_b",
        "-HYPHEN_, _HYPHEN_HYPHEN_"
    })
    void aHeaderComesBackFromItsProperty(String header, String property) {
        assertThat(PropertyNames.property(header)).isEqualTo(property);
        assertThat(PropertyNames.header(property)).isEqualTo(header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1st",
                "a b",
                "null",
                "Like",
                "JMSType",
                "JMSXGroupID",
                "_AMQ_DUPL_ID",
                "__AMQ_CID",
                "caf\u00e9",
                "a:b"
            })
    void whatJmsOrTheBrokerWouldReadOtherwiseIsNoProperty(String header) {
        assertThat(PropertyNames.property(header)).isNull();
    }

    @Test
    void aNameThatLooksEscapedIsNoProperty() {
        assertThat(PropertyNames.property("a_HYPHEN_b")).isNull();
        assertThat(PropertyNames.property("a_DOT_b")).isNull();
    }
}
