package io.oncemq.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.oncemq.Codec;
import io.oncemq.CodecException;
import io.oncemq.Headers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
    record Order(String customer, int cents) {
        Order {
            if (cents < 0) {
                throw new IllegalArgumentException("negative: " + customer);
            }
        }
    }

    @Test
    void bringsBackWhatItWrote() {
        Codec<Order> codec = Json.of(Order.class);
        Order order = new Order("Żaneta", 1250);
        assertThat(codec.decode(codec.encode(order), Headers.empty())).isEqualTo(order);
        assertThat(codec.contentType()).isEqualTo("application/json");
    }

    @Test
    void keepsGenericTypes() {
        Codec<Map<String, List<Order>>> codec = Json.of(new TypeReference<>() {});
        Map<String, List<Order>> body = Map.of("monday", List.of(new Order("a", 1), new Order("b", 2)));
        assertThat(codec.decode(codec.encode(body), Headers.empty())).isEqualTo(body);
    }

    @Test
    void takesATypeKnownAtRunTime() {
        JsonMapper mapper = JsonMapper.builder().build();
        Codec<List<Order>> codec = Json.of(mapper.getTypeFactory().constructCollectionType(List.class, Order.class));
        List<Order> body = List.of(new Order("a", 1));
        assertThat(codec.decode(codec.encode(body), Headers.empty())).isEqualTo(body);
    }

    @Test
    void usesTheGivenMapper() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .build();
        assertThat(new String(Json.of(Order.class, mapper).encode(new Order("a", 1)), UTF_8))
                .isEqualTo("{\"Customer\":\"a\",\"Cents\":1}");
    }

    @Test
    void ignoresPropertiesThatALaterProducerAdded() {
        byte[] newer = "{\"customer\":\"a\",\"cents\":1,\"currency\":\"EUR\"}".getBytes(UTF_8);
        assertThat(Json.of(Order.class).decode(newer, Headers.empty())).isEqualTo(new Order("a", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"customer\":\"s3cret\",",
                "{\"customer\":\"x\",\"cents\":\"s3cret\"}",
                "{\"customer\":\"s3cret\",\"cents\":-1}",
                "{\"customer\":\"x\",\"cents\":1} s3cret",
                "\"s3cret\"",
                "[{\"s3cret\":1}]",
                "s3cret"
            })
    void namesTypeAndPlaceOfAPoisonBodyButNeverItsText(String poison) {
        CodecException failure = catchThrowableOfType(
                CodecException.class, () -> Json.of(Order.class).decode(poison.getBytes(UTF_8), Headers.empty()));
        assertThat(failure).hasMessageContaining(Order.class.getName());
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString()).doesNotContain("s3cret");
    }

    @Test
    void saysWhereThePoisonStands() {
        byte[] poison = "{\n  \"customer\": \"x\",\n  \"cents\": true\n}".getBytes(UTF_8);
        assertThatThrownBy(() -> Json.of(Order.class).decode(poison, Headers.empty()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void refusesNullAsABody() {
        assertThatThrownBy(() -> Json.of(Order.class).decode("null".getBytes(UTF_8), Headers.empty()))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("null");
    }

    @Test
    void saysWhichTypeCannotBeWritten() {
        Codec<Object> codec = Json.of(Object.class);
        assertThatThrownBy(() -> codec.encode(new Object() {
                    @SuppressWarnings("unused")
                    public String getName() {
                        throw new IllegalStateException("broken");
                    }
                }))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("java.lang.Object");
    }
}
