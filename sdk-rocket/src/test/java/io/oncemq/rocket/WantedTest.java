package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.MessageFilter;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WantedTest {
    @Test
    void everythingIsWantedWithoutAFilter() {
        Wanted all = Wanted.of(null);
        assertThat(all.isAll()).isTrue();
        assertThat(all.expression()).isEqualTo("*");
        assertThat(all.takes(tagged(null))).isTrue();
        assertThat(all.takes(tagged("any"))).isTrue();
    }

    /** A broker compares hash codes: those of "Aa" and "BB" are equal. */
    @Test
    void comparesTagsLetterByLetter() {
        Wanted wanted = Wanted.of(MessageFilter.types("Aa", "b"));
        assertThat(wanted.expression()).isEqualTo("Aa || b");
        assertThat(wanted.language()).isEqualTo("TAG");
        assertThat(wanted.takes(tagged("Aa"))).isTrue();
        assertThat(wanted.takes(tagged("BB"))).isFalse();
        assertThat(wanted.takes(tagged(null))).isFalse();
    }

    @Test
    void leavesConditionsToTheBroker() {
        Wanted wanted = Wanted.of(MessageFilter.sql("a > 1"));
        assertThat(wanted.expression()).isEqualTo("a > 1");
        assertThat(wanted.language()).isEqualTo("SQL92");
        assertThat(wanted.takes(tagged(null))).isTrue();
    }

    @Test
    void theSameTypesInAnotherOrderHaveOneMark() {
        String mark = Wanted.of(MessageFilter.types("a", "b")).mark();
        assertThat(Wanted.of(MessageFilter.types("b", "a", "b")).mark()).isEqualTo(mark);
        assertThat(Wanted.of(MessageFilter.types("a")).mark()).isNotEqualTo(mark);
        assertThat(Wanted.of(MessageFilter.sql("[a, b]")).mark()).isNotEqualTo(mark);
        assertThat(Wanted.ALL.mark()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "a|b", "*", "a || b"})
    void refusesTypesThatAreNoTags(String type) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Wanted.of(MessageFilter.types("fine", type)))
                .withMessageContaining(type)
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("filter"));
    }

    private static MessageExt tagged(String tag) {
        MessageExt message = new MessageExt();
        if (tag != null) {
            message.setTags(tag);
        }
        return message;
    }
}
