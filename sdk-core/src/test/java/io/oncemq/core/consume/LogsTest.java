package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.oncemq.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Log lines belong to a message while a thread works for it, and show neither its body nor what the application says of it. */
@Timeout(60)
class LogsTest {
    private static final RetryPolicy TWICE =
            RetryPolicy.builder().fixed(Duration.ofMillis(1)).maxAttempts(2).build();
    private static final String APPLICATION = "com.example.billing";
    private static final Logger LOG = LoggerFactory.getLogger(APPLICATION);

    private final EngineHarness engine = new EngineHarness();
    private final CapturedLog application = new CapturedLog(APPLICATION);
    private final CapturedLog events = new CapturedLog("io.oncemq.event");

    @AfterEach
    void close() {
        engine.close();
        application.close();
        events.close();
    }

    private static Map<String, String> context(String id, int attempt) {
        return Map.of(
                "oncemq.destination", "orders",
                "oncemq.group", "billing",
                "oncemq.id", id,
                "oncemq.key", "key",
                "oncemq.attempt", Integer.toString(attempt));
    }

    private static String all(ILoggingEvent line) {
        return line.getFormattedMessage()
                + line.getMDCPropertyMap()
                + (line.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(line.getThrowableProxy()));
    }

    @Test
    void linesOfAHandlerAndOfTheCoreNameTheMessageAndTheAttempt() {
        engine.start(engine.subscribe().retry(TWICE), delivery -> {
            LOG.info("at work");
            throw new IllegalStateException("failed");
        });
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(events.of("DeadLettered")).hasSize(1));

        assertThat(application.lines())
                .extracting(ILoggingEvent::getMDCPropertyMap)
                .containsExactly(context("1", 1), context("1", 2));
        assertThat(events.of("DeliveryRetried"))
                .extracting(ILoggingEvent::getMDCPropertyMap)
                .containsExactly(context("1", 1));
        assertThat(events.of("DeadLettered"))
                .extracting(ILoggingEvent::getMDCPropertyMap)
                .containsExactly(context("1", 2));
    }

    @Test
    void textsOfFailuresAreShownOnlyWhenAskedForAndNeverPiecesOfTheBody() {
        engine.start(engine.subscribe().retry(TWICE), delivery -> {
            throw new IllegalStateException(
                    "cannot charge " + delivery.body() + " twice", new RuntimeException("ledger full"));
        });
        var shard = engine.source.assign("orders-0");
        String body = "s3cret-customer-4711";
        engine.source.deliver(shard, "1", "key", body);
        await().untilAsserted(() -> assertThat(events.of("DeadLettered")).hasSize(1));
        assertThat(events.lines())
                .extracting(LogsTest::all)
                .noneMatch(line -> line.contains("ledger full") || line.contains("text="));
        try (CapturedLog asked = new CapturedLog("io.oncemq.failure-texts")) {
            engine.source.deliver(shard, "2", "key", body);
            await().untilAsserted(() -> assertThat(events.of("DeadLettered")).hasSize(2));
        }
        assertThat(events.of("DeadLettered").get(1).getFormattedMessage())
                .contains("text=cannot charge *** twice by ledger full");
        assertThat(events.of("DeliveryRetried").get(1).getFormattedMessage()).contains("text=cannot charge *** twice");
        assertThat(events.lines()).extracting(LogsTest::all).noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void aThreadThatCompletesAStageGetsItsOwnContextBack() throws Exception {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        List<String> after = new CopyOnWriteArrayList<>();
        var subscription = engine.subscribe()
                .asyncHandler(delivery -> {
                    LOG.info("at work");
                    return stage;
                })
                .start();
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(application.lines()).hasSize(1));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            threads.submit(() -> {
                        MDC.put("oncemq.id", "mine");
                        stage.complete(null);
                        after.add(String.valueOf(MDC.getCopyOfContextMap()));
                    })
                    .get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(after).containsExactly("{oncemq.id=mine}");
        assertThat(application.lines().get(0).getMDCPropertyMap()).isEqualTo(context("1", 1));
        subscription.close(Duration.ofSeconds(5));
    }

    @Test
    void theThreadsOfWorkersKeepNothingOfTheLastMessage() {
        List<String> between = new CopyOnWriteArrayList<>();
        engine.start(engine.subscribe().concurrency(1), delivery -> between.add(delivery.id() + MDC.get("oncemq.key")));
        var shard = engine.source.assign("orders-0");
        engine.source.deliver(shard, "1", "key");
        await().until(() -> between.size() == 1);
        engine.source.deliver(shard, "2", null);
        await().untilAsserted(() -> assertThat(between).containsExactly("1key", "2null"));
    }

    @Test
    void aFailureIsLoggedByItsClassAndPlaceNeverByItsText() {
        engine.start(engine.subscribe().retry(TWICE), delivery -> {
            throw new IllegalStateException(
                    "cannot charge " + delivery.body(), new IllegalArgumentException("card 4711"));
        });
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(events.of("DeadLettered")).hasSize(1));

        String retried = all(events.of("DeliveryRetried").get(0));
        assertThat(retried)
                .contains("java.lang.IllegalStateException by java.lang.IllegalArgumentException at ")
                .contains("LogsTest");
        String letter = all(events.of("DeadLettered").get(0));
        assertThat(letter).contains("java.lang.IllegalStateException").contains("at io.oncemq.core.consume.LogsTest");
        assertThat(events.lines())
                .allSatisfy(line -> assertThat(all(line)).doesNotContain("cannot charge", "card 4711"));
    }

    @Test
    void anIdCannotForgeALine() {
        engine.handle(delivery -> LOG.info("at work"));
        String forged = "1\n12:00:00 ERROR forged\u2028";
        engine.source.deliver(engine.source.assign("orders-0"), forged, "k\r\ney\udc80");
        await().untilAsserted(() -> assertThat(application.lines()).hasSize(1));
        Map<String, String> context = application.lines().get(0).getMDCPropertyMap();
        assertThat(context.get("oncemq.id")).isEqualTo("1?12:00:00 ERROR forged?");
        assertThat(context.get("oncemq.key")).isEqualTo("k??ey?");
    }

    @Test
    void newsAreWarningsUnlessTheyAreKnownToBeGood() {
        engine.start(engine.subscribe().retry(TWICE), delivery -> {
            throw new IllegalStateException();
        });
        engine.source.deliver(engine.source.assign("orders-0"), "1", "key");
        await().untilAsserted(() -> assertThat(events.of("DeadLettered")).hasSize(1));
        assertThat(events.of("PartitionsAssigned"))
                .extracting(ILoggingEvent::getLevel)
                .containsOnly(Level.INFO);
        assertThat(events.of("DeliveryRetried"))
                .extracting(ILoggingEvent::getLevel)
                .containsOnly(Level.WARN);
        assertThat(events.of("DeadLettered"))
                .extracting(ILoggingEvent::getLevel)
                .containsOnly(Level.WARN);
    }
}
