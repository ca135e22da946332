package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.CodecException;
import io.oncemq.Codecs;
import io.oncemq.Headers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentTest {
    private static final long SEED = 7;

    private final List<Content> some =
            IntStream.range(0, 5_000).mapToObj(n -> Content.of(SEED, "k1-" + n)).toList();

    @Test
    void isTheSameInEveryProcess() {
        assertThat(Content.of(SEED, "k1-1").bytes())
                .isEqualTo(Content.of(SEED, "k1-1").bytes());
    }

    @Test
    void isLargeOrUnreadableNowAndThen() {
        assertThat(some)
                .filteredOn(Content::large)
                .hasSizeBetween(30, 120)
                .allSatisfy(each -> assertThat(each.bytes().length).isGreaterThan(100 * 1024));
        assertThat(some).filteredOn(Content::unreadable).hasSizeBetween(5, 40);
    }

    @Test
    void isKnownWhenItIsWholeAndOnlyThen() {
        for (Content each : some) {
            String text = new String(each.bytes(), UTF_8);
            assertThat(each.is(text)).isEqualTo(!each.unreadable());
            assertThat(each.is(text.substring(1))).isFalse();
            assertThat(each.is(text + "x")).isFalse();
        }
    }

    @Test
    void namesItsIdWhateverItIs() {
        for (int n = 0; n < some.size(); n++) {
            assertThat(Content.idOf(some.get(n).bytes())).isEqualTo("k1-" + n);
        }
    }

    @Test
    void isRefusedByTheCodecWhereItIsUnreadable() {
        assertThat(some)
                .filteredOn(Content::unreadable)
                .allSatisfy(each -> assertThatThrownBy(() -> Codecs.string().decode(each.bytes(), Headers.empty()))
                        .isInstanceOf(CodecException.class));
    }
}
