package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitNoteTest {
    @Test
    void readsWhatItWrote() {
        CommitNote plain = CommitNote.of("_psU0wbiQs6EjMxEkewRKQ");
        CommitNote latest = new CommitNote("t", 12, 1_790_000_000_000L);
        assertThat(plain.text()).isEqualTo("oncemq/1 topic=_psU0wbiQs6EjMxEkewRKQ");
        assertThat(CommitNote.read(new OffsetAndMetadata(1, plain.text()))).isEqualTo(plain);
        assertThat(latest.text()).isEqualTo("oncemq/1 topic=t latest=12@1790000000000");
        assertThat(CommitNote.read(new OffsetAndMetadata(1, latest.text()))).isEqualTo(latest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "free text", "oncemq/1", "oncemq/2 topic=t", "oncemq/1 topic=t latest=x"})
    void takesForeignNotesForNone(String text) {
        assertThat(CommitNote.read(new OffsetAndMetadata(1, text))).isNull();
        assertThat(CommitNote.read(null)).isNull();
    }
}
