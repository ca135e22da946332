package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.rabbit.Unconfirmed.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnconfirmedTest {
    private final Unconfirmed unconfirmed = new Unconfirmed(4);
    private final List<Object> taken = new ArrayList<>();

    @Test
    void aConfirmOfSeveralNamesAllBeforeThatAreOpen() {
        add(6);
        take(3, false);
        assertThat(take(5, true)).isEqualTo(4);
        assertThat(taken).containsExactly(3L, 1L, 2L, 4L, 5L);
        assertThat(unconfirmed.get(6)).isNotNull();
    }

    @Test
    void aConfirmThatComesTwiceOrNamesNothingIsIgnored() {
        add(2);
        take(2, false);
        assertThat(take(2, false)).isZero();
        assertThat(take(9, false)).isZero();
        assertThat(unconfirmed.get(9)).isNull();
        assertThat(take(9, true)).isEqualTo(1);
    }

    @Test
    void aNumberThatIsNotGivenYetNamesNothingThoughAllSlotsAreTaken() {
        add(4);
        assertThat(unconfirmed.get(5)).isNull();
        assertThat(take(5, false)).isZero();
        assertThat(unconfirmed.get(1)).isNotNull();
    }

    @Test
    void growsWhileAnEarlyOneStaysOpen() {
        add(1);
        for (int i = 0; i < 1_000; i++) {
            long number = unconfirmed.next();
            add(1);
            take(number, false);
        }
        assertThat(unconfirmed.get(1)).isNotNull();
        assertThat(take(1, false)).isEqualTo(1);
        assertThat(taken).hasSize(1_001).doesNotHaveDuplicates();
    }

    @Test
    void whatIsConfirmedNeedsNoMemory() {
        for (int i = 0; i < 100; i++) {
            long number = unconfirmed.next();
            add(2);
            take(number + 1, false);
            take(number, false);
        }
        assertThat(unconfirmed.capacity()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void eachIsTakenOnceInWhateverOrder(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> open = new TreeSet<>();
        for (int round = 0; round < 5_000; round++) {
            if (open.isEmpty() || random.nextInt(3) > 0) {
                open.add(unconfirmed.next());
                add(1);
            } else {
                long number = new ArrayList<>(open).get(random.nextInt(open.size()));
                boolean upTo = random.nextInt(10) == 0;
                List<Long> expected = upTo ? List.copyOf(open.headSet(number, true)) : List.of(number);
                taken.clear();
                take(number, upTo);
                assertThat(taken).as("seed %d", seed).isEqualTo(expected);
                expected.forEach(open::remove);
            }
        }
    }

    /** The server reads in order: before the last message to the refused exchange nothing is certain, from there on everything is. */
    @Test
    void fromTheLastMessageToARefusedExchangeOnNothingWasTaken() {
        add("open", 2);
        add("refused", 2);
        add("open", 2);
        unconfirmed.takeFromLastTo("refused", sent -> taken.add(sent.context));
        assertThat(taken).containsExactly(4L, 5L, 6L);
        assertThat(unconfirmed.get(3)).isNotNull();
    }

    @Test
    void theOnlyOpenMessageToARefusedExchangeWasNotTaken() {
        add("refused", 1);
        add("open", 3);
        take(3, false);
        unconfirmed.takeFromLastTo("refused", sent -> taken.add(sent.context));
        assertThat(taken).containsExactly(3L, 1L, 2L, 4L);
    }

    @Test
    void anExchangeThatNoOpenMessageGoesToMakesNothingCertain() {
        add("refused", 1);
        add("open", 2);
        take(1, false);
        unconfirmed.takeFromLastTo("refused", sent -> taken.add(sent.context));
        assertThat(taken).containsExactly(1L);
    }

    private void add(int count) {
        add("d", count);
    }

    private void add(String exchange, int count) {
        for (int i = 0; i < count; i++) {
            PublishRoute.Shards shards = new PublishRoute.Shards("d", 1, true);
            unconfirmed.add(new Sent("d", exchange, shards, 0, unconfirmed.next()));
        }
    }

    private int take(long number, boolean upTo) {
        return unconfirmed.take(number, upTo, sent -> taken.add(sent.context));
    }
}
