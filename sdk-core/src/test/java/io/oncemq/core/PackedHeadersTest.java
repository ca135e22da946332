package io.oncemq.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedHeadersTest {
    private final List<String> names = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    @Test
    void whatWasPackedComesBack() {
        PackedHeaders packed = new PackedHeaders();
        packed.add("a name", new byte[] {0, -1});
        packed.add("", new byte[0]);
        PackedHeaders.read(String.valueOf(packed.text()), names, values);
        assertThat(names).containsExactly("a name", "");
        assertThat(values).containsExactly(new byte[] {0, -1}, new byte[0]);
    }

    @Test
    void nothingIsNoText() {
        assertThat(new PackedHeaders().text()).isNull();
    }

    @Test
    void aTextOfSomebodyElseIsAHeaderLikeAnyOther() {
        PackedHeaders.read("AAVhAA==", names, values);
        assertThat(names).containsExactly(PackedHeaders.NAME);
        assertThat(values).containsExactly("AAVhAA==".getBytes(UTF_8));
    }
}
