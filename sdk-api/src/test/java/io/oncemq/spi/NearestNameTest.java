package io.oncemq.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> KNOWN = List.of("linger.ms", "batch.size", "acks", "group.protocol");

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "lingr.ms, linger.ms",
        "linger-ms, linger.ms",
        "lingerms, linger.ms",
        "lnigr.ms, linger.ms",
        "batch.sizes, batch.size",
        "akcs, acks",
        "group.protocl, group.protocol",
        "GROUP_PROTOCOL, group.protocol",
    })
    void findsWhatWasMeant(String given, String meant) {
        assertThat(NearestName.to(given, KNOWN)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"batch", "ack.mode", "my.interceptor.secret", "abx"})
    void guessesNothingFarAway(String given) {
        assertThat(NearestName.to(given, KNOWN)).isNull();
        assertThat(NearestName.remedy(given, KNOWN, "leave it out")).isEqualTo("Leave it out");
    }

    @Test
    void theRemedyAsks() {
        assertThat(NearestName.remedy("ack", KNOWN, "leave it out"))
                .isEqualTo("Did you mean acks? If not, leave it out");
    }
}
