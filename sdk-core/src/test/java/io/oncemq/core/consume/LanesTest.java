package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.core.consume.EngineWorld.Budget;
import io.oncemq.core.consume.EngineWorld.Nature;
import io.oncemq.core.consume.EngineWorld.Setting;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Slots that are given back while others are given back, with more messages waiting for one than a stack has frames. */
class LanesTest {
    private static final int WAITING = 50_000;

    private final EngineWorld world = new EngineWorld(
            new Setting(CrashPolicy.REPROCESS, DeadLetterPolicy.defaults(), Nature.HEALTHY, Budget.of("")));
    private final SearchedProcess process = world.processes[0];
    private final List<Work> started = new ArrayList<>();
    private Consumer<Work> onStart = work -> {};
    private final Lanes lanes = new Lanes(world.spec, process.claims, process.inFlight, work -> {
        started.add(work);
        onStart.accept(work);
    });

    @Test
    void allThatWaitAreStartedInTheirOrderThoughEachGivesItsSlotBackAtOnce() {
        List<Work> busy = works(world.spec.concurrency());
        busy.forEach(work -> assertThat(lanes.takeSlot(work)).isTrue());
        List<Work> waiting = works(WAITING);
        waiting.forEach(work -> assertThat(lanes.takeSlot(work)).isFalse());
        onStart = work -> {
            assertThat(lanes.takeSlot(work)).isTrue();
            lanes.giveSlotBack(work);
        };
        lanes.giveSlotBack(busy.get(0));
        assertThat(started).containsExactlyElementsOf(waiting);
    }

    @Test
    void anErrorInAStartDoesNotKeepLaterSlotsFromBeingGiven() {
        List<Work> busy = works(world.spec.concurrency());
        busy.forEach(work -> assertThat(lanes.takeSlot(work)).isTrue());
        List<Work> waiting = works(2);
        waiting.forEach(work -> assertThat(lanes.takeSlot(work)).isFalse());
        onStart = work -> {
            throw new NoSuchMethodError("a library of another version");
        };
        assertThatThrownBy(() -> lanes.giveSlotBack(busy.get(0))).isInstanceOf(NoSuchMethodError.class);
        onStart = work -> {};
        lanes.giveSlotBack(busy.get(1));
        assertThat(started).containsExactlyElementsOf(waiting);
    }

    private List<Work> works(int count) {
        return IntStream.range(0, count).mapToObj(this::ready).toList();
    }

    private Work ready(int number) {
        Work work = new Work(
                process.engine,
                InboundMessage.builder(number, number).size(1).build(),
                process.shardNow(),
                new Identity("m" + number, "orders", 0, null),
                new Owner(1, number),
                0);
        work.move(WorkEvent.NO_CLAIM_NEEDED);
        return work;
    }
}
