package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static io.oncemq.core.publish.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.OutboundMessage;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.publish.PublishPipeline.Submission;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message that found no room by its deadline never came to the sender, and says so. */
@Timeout(120)
class WithoutRoomTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
    private final PublishPipeline pipeline =
            new PublishPipeline(broker, new Events(List.of()), "full", System::nanoTime);
    private final InFlightBudget wide = new InFlightBudget(100, 100_000);
    private final InFlightBudget full = new InFlightBudget(1, 100_000);

    @AfterEach
    void close() {
        pipeline.close(Duration.ZERO);
    }

    private CompletableFuture<Receipt> publish(
            String id, InFlightBudget budget, Duration deadline, boolean unknownBefore) {
        OutboundFrame frame = Rig.frame(id, "k");
        PublishFuture future = pipeline.future(OutboundMessage.of("body").id(id).key("k"), null, null);
        return pipeline.submit(new Submission(frame, future, null, 0, unknownBefore), budget, deadline);
    }

    private void fill() {
        OutboundFrame other = Rig.frame("0", "k");
        assertThat(full.acquire(other.size(), other.keyHash(), true, 0, () -> 0))
                .isNotNull();
    }

    @Test
    void whatAnEarlierClientMayHaveStoredBlocksItsKeyThoughThereIsNoRoomForIt() {
        broker.confirmsAtOnce = true;
        fill();
        CompletableFuture<Receipt> again = publish("1", full, Duration.ofMillis(1), true);
        assertThat(again).failsWithin(PATIENCE);
        assertUnknown(again);
        CompletableFuture<Receipt> later = publish("2", wide, PATIENCE, false);
        assertThat(later).failsWithin(PATIENCE);
        assertThat(reason(later)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(publish("1", wide, PATIENCE, false)).succeedsWithin(PATIENCE);
        assertThat(publish("2", wide, PATIENCE, false)).succeedsWithin(PATIENCE);
        assertThat(broker.storedIds()).containsExactly("1", "2");
    }

    @Test
    void whatWasNeverSentIsRejectedAndBlocksNothing() {
        broker.confirmsAtOnce = true;
        fill();
        CompletableFuture<Receipt> refused = publish("1", full, Duration.ofMillis(1), false);
        assertThat(refused).failsWithin(PATIENCE);
        assertThat(reason(refused)).isEqualTo(Reason.NOT_ATTEMPTED);
        assertThat(publish("2", wide, PATIENCE, false)).succeedsWithin(PATIENCE);
    }
}
