package io.oncemq.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.ConfigurationException;
import io.oncemq.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether the bytes are wrong, or the class, or something else. */
class WhatIsWrongTest {
    interface Marker {}

    static final class Closed {
        Closed(String one, int two) {
            throw new IllegalStateException(one + two);
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    interface Named {}

    record Priced(String currency) {
        Priced {
            switch (Objects.requireNonNull(currency)) {
                case "registry" -> throw new UncheckedIOException("no answer", new IOException());
                case "wrong" -> throw new IllegalArgumentException("wrong");
                case "missing" -> throw new NullPointerException();
                default -> {}
            }
        }
    }

    record Nested(Marker marker) {}

    private static Codec<Object> codec(Type type) {
        return Json.of(JsonMapper.shared().constructType(type));
    }

    static List<Type> unbuildable() {
        return List.of(
                Marker.class,
                Closed.class,
                Runnable.class,
                new TypeReference<List<Marker>>() {}.getType(),
                new TypeReference<Map<String, Closed[]>>() {}.getType());
    }

    @ParameterizedTest
    @MethodSource("unbuildable")
    void aTypeThatNothingCanBuildIsRefusedAtTheStart(Type type) {
        assertThatThrownBy(() -> codec(type).checkDecodable())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be built from JSON");
    }

    static List<Type> buildable() {
        return List.of(
                Priced.class,
                Named.class,
                Object.class,
                Number.class,
                CharSequence.class,
                JsonNode.class,
                Thread.State.class,
                int.class,
                byte[].class,
                new TypeReference<List<Map<String, Named>>>() {}.getType(),
                new TypeReference<java.util.Optional<Priced>>() {}.getType());
    }

    @ParameterizedTest
    @MethodSource("buildable")
    void otherTypesAreTaken(Type type) {
        assertThatCode(() -> codec(type).checkDecodable()).doesNotThrowAnyException();
    }

    @Test
    void aTypeThatIsOnlyWrittenNeedNotBeReadable() {
        assertThat(new String(codec(Marker.class).encode(new Marker() {}), UTF_8))
                .isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "missing"})
    void aValueThatTheClassRefusesIsPoison(String value) {
        assertThatThrownBy(() -> decoded(Priced.class, "{\"currency\":\"" + value + "\"}"))
                .isInstanceOf(CodecException.class);
    }

    /** As Avro with the id of a schema in front, which begins like UTF-32. */
    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\0\5Avro", "\0\0\7\0Avro"})
    void bytesOfAnotherFormatArePoison(String bytes) {
        assertThatThrownBy(() -> decoded(Priced.class, bytes)).isInstanceOf(CodecException.class);
    }

    record Linked(URL url, Class<?> type) {}

    @ParameterizedTest
    @ValueSource(strings = {"{\"url\":\"no link\"}", "{\"type\":\"no.such.Type\"}"})
    void aValueThatTheJdkRefusesIsPoison(String value) {
        assertThatThrownBy(() -> decoded(Linked.class, value)).isInstanceOf(CodecException.class);
    }

    @Test
    void whatDoesNotAnswerMeanwhileIsNot() {
        assertThatThrownBy(() -> decoded(Priced.class, "{\"currency\":\"registry\"}"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("no answer");
    }

    @Test
    void aClassInsideThatNothingCanBuildIsNotTheFaultOfTheBytes() {
        assertThatThrownBy(() -> decoded(Nested.class, "{\"marker\":{\"s3cret\":1}}"))
                .isInstanceOf(ConfigurationException.class)
                .hasNoCause()
                .message()
                .doesNotContain("s3cret");
    }

    private static Object decoded(Type type, String json) {
        return codec(type).decode(json.getBytes(UTF_8), Headers.empty());
    }
}
