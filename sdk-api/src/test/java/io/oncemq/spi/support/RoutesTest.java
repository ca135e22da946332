package io.oncemq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final Duration GOOD = Duration.ofSeconds(5);

    private final Queue<Runnable> lookUps = new ArrayDeque<>();
    private final Map<String, String> known = new HashMap<>();
    private final List<String> placed = new ArrayList<>();
    private final List<String> notPlaced = new ArrayList<>();
    private final Routes.Sends<String> sends = new Routes.Sends<>() {
        @Override
        public void place(String route, OutboundFrame frame, Object context) {
            if (context.equals(breaking)) {
                throw new NoClassDefFoundError("broken");
            }
            placed.add(context + "@" + route);
        }

        @Override
        public void notPlaced(Throwable cause, OutboundFrame frame, Object context) {
            notPlaced.add(context + ": " + cause.getMessage());
        }
    };

    private final Routes<String> routes = new Routes<>(lookUps::add, this::find, sends);
    private Runnable finding = () -> {};
    private int breaking;
    private long nanos = 1;

    private Routes<String> aging() {
        return new Routes<>(lookUps::add, this::find, sends, GOOD, () -> nanos);
    }

    private String find(String destination) {
        finding.run();
        String route = known.get(destination);
        if (route == null) {
            throw new IllegalStateException("no answer");
        }
        return route;
    }

    private void send(String destination, Object context) {
        routes.send(frame(destination), context);
    }

    private static OutboundFrame frame(String destination) {
        return new OutboundFrame(destination, "id", null, 0, Headers.empty(), null, 1);
    }

    private void lookUp() {
        for (Runnable next = lookUps.poll(); next != null; next = lookUps.poll()) {
            next.run();
        }
    }

    @Test
    void aDestinationThatIsLookedUpHoldsNoOther() {
        known.put("a", "A");
        send("a", 1);
        lookUp();
        send("slow", 2);
        send("a", 3);
        send("slow", 4);
        assertThat(placed).containsExactly("1@A", "3@A");
        assertThat(lookUps).hasSize(1);
        known.put("slow", "S");
        lookUp();
        send("slow", 5);
        assertThat(placed).containsExactly("1@A", "3@A", "2@S", "4@S", "5@S");
    }

    @Test
    void aLookUpThatFailsGivesBackWhatWaitsAndTheNextMessageAsksAgain() {
        send("a", 1);
        send("a", 2);
        lookUp();
        assertThat(notPlaced).containsExactly("1: no answer", "2: no answer");
        known.put("a", "A");
        send("a", 3);
        lookUp();
        assertThat(placed).containsExactly("3@A");
    }

    @Test
    void aKnownRouteIsUsedUntilTheNewOneIsThere() {
        known.put("a", "A");
        send("a", 1);
        lookUp();
        known.put("a", "B");
        routes.refresh((destination, route) -> route.equals("A"));
        routes.refresh((destination, route) -> true);
        send("a", 2);
        assertThat(lookUps).hasSize(1);
        lookUp();
        send("a", 3);
        known.clear();
        routes.refresh((destination, route) -> true);
        lookUp();
        send("a", 4);
        assertThat(placed).containsExactly("1@A", "2@A", "3@B", "4@B");
        assertThat(notPlaced).isEmpty();
    }

    @Test
    void aRouteThatIsTooOldIsWaitedFor() {
        Routes<String> aging = aging();
        known.put("a", "A");
        aging.send(frame("a"), 1);
        lookUp();
        nanos += GOOD.toNanos();
        known.put("a", "B");
        aging.send(frame("a"), 2);
        assertThat(placed).containsExactly("1@A");
        lookUp();
        aging.send(frame("a"), 3);
        assertThat(placed).containsExactly("1@A", "2@B", "3@B");
        assertThat(lookUps).isEmpty();
    }

    @Test
    void aRouteOfHalfThatAgeIsUsedAndAskedForAgain() {
        Routes<String> aging = aging();
        known.put("a", "A");
        aging.send(frame("a"), 1);
        lookUp();
        nanos += GOOD.toNanos() / 2;
        known.put("a", "B");
        aging.send(frame("a"), 2);
        aging.send(frame("a"), 3);
        assertThat(placed).containsExactly("1@A", "2@A", "3@A");
        assertThat(lookUps).hasSize(1);
        lookUp();
        nanos += GOOD.toNanos() - 1;
        aging.send(frame("a"), 4);
        assertThat(placed).endsWith("4@B");
    }

    /** A broker that takes longer to answer than its answers are believed. */
    @Test
    void aSlowAnswerIsOfUseToWhatHasWaitedForIt() {
        Routes<String> aging = aging();
        known.put("a", "A");
        finding = () -> nanos += 2 * GOOD.toNanos();
        aging.send(frame("a"), 1);
        aging.send(frame("a"), 2);
        lookUp();
        aging.send(frame("a"), 3);
        assertThat(placed).containsExactly("1@A", "2@A", "3@A");
        assertThat(lookUps).isEmpty();
    }

    @Test
    void whatWaitsCanBeTakenBack() {
        known.put("a", "A");
        send("a", 1);
        send("a", 2);
        send("a", 3);
        assertThat(routes.withdraw(frame("a"), 2)).isTrue();
        assertThat(routes.withdraw(frame("a"), 2)).isFalse();
        assertThat(routes.withdraw(frame("b"), 1)).isFalse();
        lookUp();
        assertThat(routes.withdraw(frame("a"), 1)).isFalse();
        assertThat(placed).containsExactly("1@A", "3@A");
    }

    /** It is not known how far that one came; the messages after it were certainly not sent. */
    @Test
    void aMessageThatBreaksTheLookUpGivesBackWhatWaitsBehindIt() {
        known.put("a", "A");
        breaking = 1;
        send("a", 1);
        send("a", 2);
        lookUp();
        assertThat(notPlaced).containsExactly("2: broken");
        send("a", 3);
        lookUp();
        assertThat(placed).containsExactly("3@A");
    }

    @Test
    void afterACloseNothingWaits() {
        send("a", 1);
        routes.close(new IllegalStateException("closed"));
        send("a", 2);
        known.put("a", "A");
        lookUp();
        send("a", 3);
        assertThat(notPlaced).containsExactly("1: closed", "2: closed", "3: closed");
        assertThat(placed).isEmpty();
    }

    @Test
    void anExecutorThatTakesNothingGivesBackWhatWaits() {
        Routes<String> closed = new Routes<>(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                this::find,
                new Routes.Sends<>() {
                    @Override
                    public void place(String route, OutboundFrame frame, Object context) {}

                    @Override
                    public void notPlaced(Throwable cause, OutboundFrame frame, Object context) {
                        notPlaced.add(String.valueOf(cause.getMessage()));
                    }
                });
        closed.send(new OutboundFrame("a", "id", null, 0, Headers.empty(), null, 1), 1);
        assertThat(notPlaced).containsExactly("full");
    }
}
