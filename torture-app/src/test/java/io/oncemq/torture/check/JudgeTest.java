package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import io.oncemq.torture.history.Kind;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final int MESSAGES = 100_000;

    @Test
    void aMillionEventsAreJudgedWithoutBeingKept() {
        History history = JudgeTest::aMillionEvents;

        Judgement judgement = Judge.of(history);

        assertThat(judgement.published()).isEqualTo(MESSAGES);
        assertThat(judgement.effects()).isEqualTo(MESSAGES);
        assertThat(judgement.isClean()).as("%s", judgement).isTrue();
    }

    /** Each reading makes new ones, as a file would. */
    private static void aMillionEvents(Consumer<? super Event> sink) {
        long now = 0;
        for (int n = 0; n < MESSAGES; n++) {
            String id = "m" + n;
            String key = "k" + n % 1000;
            sink.accept(event(now++, Kind.PUBLISH_INVOKED, id, key, n, ""));
            sink.accept(event(now++, Kind.PUBLISH_ENDED, id, key, n, "CONFIRMED"));
            sink.accept(event(now++, Kind.RECEIVED, id, key, n, ""));
            sink.accept(event(now++, Kind.STORE_ASKED, id, key, n, "CLAIM"));
            sink.accept(event(now++, Kind.STORE_ANSWERED, id, key, n, "CLAIM ACQUIRED"));
            sink.accept(event(now++, Kind.HANDLER_STARTED, id, key, n, ""));
            sink.accept(event(now++, Kind.EFFECT, id, key, n, ""));
            sink.accept(event(now++, Kind.HANDLER_ENDED, id, key, n, "OK"));
            sink.accept(event(now++, Kind.STORE_ASKED, id, key, n, "COMPLETE"));
            sink.accept(event(now++, Kind.STORE_ANSWERED, id, key, n, "COMPLETE OK"));
            sink.accept(event(now++, Kind.ACKNOWLEDGED, "", "", n, ""));
        }
        sink.accept(event(now, Kind.QUIESCENT, "", "", 0, ""));
    }

    private static Event event(long now, Kind kind, String id, String key, long n, String text) {
        return new Event(now, "c" + n % 3, kind, id, key, n + 1, "s", 1, n, n, n + 1, 0, text);
    }
}
