package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.torture.history.HistoryFile;
import io.oncemq.torture.history.Recorder;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    @TempDir
    Path folder;

    @Test
    void anEffectSettlesAMessage() {
        assertThat(missing(recorder -> recorder.effect("k1-1", "k1", 1, 7))).isZero();
    }

    @Test
    void aDeadLetterThatTheStoreKnowsSettlesAMessage() {
        assertThat(missing(recorder ->
                        recorder.storeAnswered(StoreCommand.Type.DEAD_LETTERED, "k1-1", 1, StoreAnswer.Kind.OK, 7)))
                .isZero();
    }

    @Test
    void soDoesOneThatTheNextOwnerHearsOfBecauseTheFirstWasKilledBeforeTheAnswer() {
        assertThat(missing(recorder ->
                        recorder.storeAnswered(StoreCommand.Type.CLAIM, "k1-1", 2, StoreAnswer.Kind.DEAD_LETTERED, 0)))
                .isZero();
    }

    @Test
    void whatWasOnlyClaimedIsMissing() {
        assertThat(missing(recorder ->
                        recorder.storeAnswered(StoreCommand.Type.CLAIM, "k1-1", 1, StoreAnswer.Kind.ACQUIRED, 7)))
                .isOne();
    }

    private long missing(Consumer<Recorder> happening) {
        try (HistoryFile file = HistoryFile.open(folder, "consumer-0.1")) {
            happening.accept(new Recorder(file));
        }
        Tail tail = new Tail(folder);
        tail.refresh();
        return tail.missing(Set.of("k1-1"));
    }
}
