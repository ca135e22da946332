package io.oncemq.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.oncemq.Codec;
import io.oncemq.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** A body of another class than the declared one keeps all its fields. */
class SubtypesTest {
    interface Marker {}

    record Paid(String id, int cents) implements Marker {}

    static class Base {
        public String id = "1";
    }

    static class Extended extends Base {
        public String more = "2";
    }

    static class Holder<T> {
        public T held;
    }

    static class LargeHolder<T> extends Holder<T> {
        public int size = 3;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Cat.class, name = "cat"),
        @JsonSubTypes.Type(value = Dog.class, name = "dog")
    })
    sealed interface Pet permits Cat, Dog {}

    record Cat(int lives) implements Pet {}

    record Dog(String name) implements Pet {}

    private static String text(byte[] json) {
        return new String(json, UTF_8);
    }

    @Test
    void aMarkerInterfaceWritesTheBodyAndNotAnEmptyObject() {
        assertThat(text(Json.of(Marker.class).encode(new Paid("1", 5)))).isEqualTo("{\"id\":\"1\",\"cents\":5}");
    }

    @Test
    void aSubclassKeepsTheFieldsThatItAdds() {
        Codec<Base> codec = Json.of(Base.class);
        assertThat(text(codec.encode(new Extended()))).contains("\"id\":\"1\"", "\"more\":\"2\"");
        assertThat(text(codec.encode(new Base()))).isEqualTo("{\"id\":\"1\"}");
    }

    @Test
    void aGenericSubclassKeepsTheTypeOfWhatItHolds() {
        Codec<Holder<Pet>> codec = Json.of(new TypeReference<>() {});
        LargeHolder<Pet> holder = new LargeHolder<>();
        holder.held = new Cat(7);
        String json = text(codec.encode(holder));
        assertThat(json).contains("\"size\":3", "\"@type\":\"cat\"");
    }

    enum Size {
        SMALL {
            @Override
            int litres() {
                return 1;
            }
        };

        abstract int litres();
    }

    @Test
    void aConstantWithABodyOfItsOwnIsWrittenByItsName() {
        assertThat(text(Json.of(Size.class).encode(Size.SMALL))).isEqualTo("\"SMALL\"");
    }

    @Test
    void namesOfTypesAreWrittenAsTheDeclaredTypeSays() {
        Codec<Pet> codec = Json.of(Pet.class);
        for (Pet pet : List.of(new Cat(9), new Dog("Rex"))) {
            assertThat(codec.decode(codec.encode(pet), Headers.empty())).isEqualTo(pet);
        }
        Codec<List<Pet>> list = Json.of(new TypeReference<>() {});
        List<Pet> pets = List.of(new Cat(9), new Dog("Rex"));
        assertThat(list.decode(list.encode(pets), Headers.empty())).isEqualTo(pets);
    }

    @Test
    void typesThatAMapperAddsByDefaultAreKept() {
        JsonMapper mapper = JsonMapper.builder()
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Marker.class)
                                .build(),
                        DefaultTyping.OBJECT_AND_NON_CONCRETE)
                .build();
        Codec<Marker> codec = Json.of(Marker.class, mapper);
        assertThat(codec.decode(codec.encode(new Paid("1", 5)), Headers.empty()))
                .isEqualTo(new Paid("1", 5));
    }
}
