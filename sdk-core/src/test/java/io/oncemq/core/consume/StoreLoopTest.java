package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.core.LoopThreads;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store of two parts, of which one can be taken away: records with odd numbers live there. */
class StoreLoopTest {
    private static final Owner OWNER = new Owner(1, 1);
    private static final Work WORK = work();
    private static final LoopThreads THREADS = new LoopThreads("store-loop-test");

    private final List<StoreCommand> applied = new CopyOnWriteArrayList<>();
    private final List<StoreCommand> answered = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicLong inCalls = new AtomicLong();
    private volatile Duration callTakes = Duration.ZERO;
    /** The time of the loop, while it stands still. */
    private volatile @Nullable Long stoppedAt;

    private volatile long calledAt;
    private volatile long countedFrom;
    private volatile boolean oddAway;
    private volatile boolean allAway;
    private final StoreLoop loop = new StoreLoop("oncemq-store-test", new TwoParts(), new Heard(), this::now, THREADS);

    private long now() {
        Long stopped = stoppedAt;
        return stopped == null ? System.nanoTime() + inCalls.get() : stopped;
    }

    @AfterEach
    void end() throws InterruptedException {
        stoppedAt = null;
        oddAway = false;
        allAway = false;
        loop.close(now() + Duration.ofSeconds(30).toNanos());
        loop.join(Duration.ofSeconds(30));
    }

    @Test
    void moreOpenCommandsThanABatchHoldsDoNotKeepTheOthersWaiting() {
        oddAway = true;
        loop.start();
        int many = 3 * (StoreLoop.MAX_SETTLEMENTS + StoreLoop.MAX_CLAIMS);
        submit(IntStream.range(0, many).mapToObj(i -> command(Type.COMPLETE, 2 * i + 1)));
        submit(IntStream.range(0, 100).mapToObj(i -> command(Type.COMPLETE, 2 * i)));
        awaitAnswers(100);
        assertThat(answered).allMatch(command -> command.id().high() % 2 == 0);
        oddAway = false;
        awaitAnswers(100 + many);
        assertThat(events).as("a part is no outage").isEmpty();
    }

    @Test
    void commandsOfARecordKeepTheirOrderThroughTheOutageOfItsPart() {
        oddAway = true;
        loop.start();
        submit(Stream.of(command(Type.START, 1)));
        await().until(() -> asked(1) > 0);
        submit(Stream.of(command(Type.COMPLETE, 1), command(Type.COMPLETE, 2)));
        awaitAnswers(1);
        oddAway = false;
        awaitAnswers(3);
        assertThat(answered.stream().filter(command -> command.id().high() == 1))
                .extracting(StoreCommand::type)
                .containsExactly(Type.START, Type.COMPLETE);
    }

    @Test
    void aCommandWaitsForAnEarlierOneOfItsRecordThatIsToBeRepeatedLater() {
        oddAway = true;
        loop.start();
        submit(Stream.of(command(Type.START, 1)));
        await().until(() -> asked(1) > 2);
        stoppedAt = now();
        oddAway = false;
        submit(Stream.of(command(Type.COMPLETE, 1), command(Type.COMPLETE, 2)));
        await().until(() -> answered.stream().anyMatch(command -> command.id().high() == 2));
        stoppedAt = null;
        awaitAnswers(3);
        assertThat(answered.stream().filter(command -> command.id().high() == 1))
                .extracting(StoreCommand::type)
                .containsExactly(Type.START, Type.COMPLETE);
    }

    @Test
    void moreOpenCommandsThanABatchHoldsKeepTheOrderOfTheirRecords() {
        oddAway = true;
        loop.start();
        int batch = StoreLoop.MAX_SETTLEMENTS + StoreLoop.MAX_CLAIMS;
        int records = batch + 1000;
        submit(IntStream.range(0, records).mapToObj(i -> command(Type.START, 2 * i + 1)));
        await().until(() -> asked(1) > 3);
        stoppedAt = now();
        oddAway = false;
        submit(IntStream.range(batch, records).mapToObj(i -> command(Type.COMPLETE, 2 * i + 1)));
        submit(Stream.of(command(Type.COMPLETE, 2)));
        await().until(() -> answered.stream().anyMatch(command -> command.id().high() == 2));
        stoppedAt = null;
        awaitAnswers(records + 1000 + 1);
        for (int i = batch; i < records; i++) {
            int record = 2 * i + 1;
            assertThat(answered.stream().filter(command -> command.id().high() == record))
                    .extracting(StoreCommand::type)
                    .containsExactly(Type.START, Type.COMPLETE);
        }
    }

    @Test
    void whatIsRepeatedSaysSo() {
        oddAway = true;
        loop.start();
        submit(Stream.of(command(Type.COMPLETE, 1)));
        await().until(() -> asked(1) > 1);
        oddAway = false;
        awaitAnswers(1);
        assertThat(answered).allMatch(StoreCommand::repeated);
    }

    @Test
    void anOutageOfEverythingIsToldAndWhatWasOpenIsRepeatedInItsOrder() {
        allAway = true;
        loop.start();
        submit(Stream.of(command(Type.START, 1), command(Type.COMPLETE, 1), command(Type.COMPLETE, 2)));
        await().untilAsserted(() -> assertThat(events).containsExactly("unavailable"));
        allAway = false;
        awaitAnswers(3);
        assertThat(answered).extracting(StoreCommand::type).containsExactly(Type.START, Type.COMPLETE, Type.COMPLETE);
        await().untilAsserted(() -> assertThat(events).containsExactly("unavailable", "available"));
    }

    /** The lease that the store grants begins somewhere in between. */
    @Test
    void anAnswerIsCountedFromBeforeItsQuestionWasSent() {
        callTakes = Duration.ofHours(1);
        loop.start();
        submit(Stream.of(command(Type.RENEW, 2)));
        awaitAnswers(1);
        assertThat(countedFrom).isLessThanOrEqualTo(calledAt);
    }

    @Test
    void closingWaitsForSettlementsThatStepAsideAndDropsClaims() throws InterruptedException {
        oddAway = true;
        loop.start();
        loop.submit(operations(Stream.of(command(Type.COMPLETE, 1))), operations(Stream.of(command(Type.CLAIM, 3))));
        await().until(() -> asked(1) > 0 && asked(3) > 0);
        loop.close(now() + Duration.ofSeconds(30).toNanos());
        oddAway = false;
        awaitAnswers(1);
        loop.join(Duration.ofSeconds(30));
        assertThat(answered).extracting(StoreCommand::type).containsExactly(Type.COMPLETE);
    }

    @Test
    void aLoopWithoutCommandsHasNoThreadAndTakesOneForTheNext() {
        loop.start();
        for (int round = 1; round <= 3; round++) {
            submit(Stream.of(command(Type.COMPLETE, 2)));
            awaitAnswers(round);
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("oncemq-store-test")));
        }
    }

    private void submit(Stream<StoreCommand> commands) {
        loop.submit(operations(commands), new ArrayList<>());
    }

    private static List<StoreOperation> operations(Stream<StoreCommand> commands) {
        List<StoreOperation> operations = new ArrayList<>();
        commands.forEach(command -> operations.add(new StoreOperation(WORK, command)));
        return operations;
    }

    private void awaitAnswers(int count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(answered).hasSize(count));
    }

    private long asked(int record) {
        return applied.stream().filter(command -> command.id().high() == record).count();
    }

    private static StoreCommand command(Type type, int record) {
        return StoreCommand.of(type, new RecordId(record, 0, 0), OWNER);
    }

    private final class TwoParts implements ClaimStore {
        @Override
        public List<StoreAnswer> apply(List<StoreCommand> commands) {
            if (allAway) {
                throw new StoreUnavailableException("the test took everything away", null);
            }
            calledAt = now();
            inCalls.addAndGet(callTakes.toNanos());
            applied.addAll(commands.subList(0, Math.min(10, commands.size())));
            boolean away = oddAway;
            return commands.stream()
                    .map(command -> StoreAnswer.of(away && command.id().high() % 2 == 1 ? Kind.UNKNOWN : Kind.OK))
                    .toList();
        }

        @Override
        public void close() {}
    }

    private final class Heard implements StoreLoop.Listener {
        @Override
        public void answered(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt) {
            countedFrom = sentAt;
            List<StoreCommand> known = new ArrayList<>();
            for (int i = 0; i < operations.size(); i++) {
                if (answers.get(i).kind() != Kind.UNKNOWN) {
                    known.add(operations.get(i).command());
                }
            }
            answered.addAll(known);
        }

        @Override
        public void unavailable(Throwable cause) {
            events.add("unavailable");
        }

        @Override
        public void available(Duration outage) {
            events.add("available");
        }

        @Override
        public void dataLost() {
            events.add("data lost");
        }

        @Override
        public void broken(Throwable cause) {
            events.add("broken: " + cause);
        }
    }

    @SuppressWarnings("NullAway")
    private static Work work() {
        InboundMessage message = InboundMessage.builder(1, 1).build();
        return new Work(null, message, null, new Identity("id", "scope", 0, null), OWNER, 0);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
