package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(1);
    private final Work first = Works.ready(1);
    private final Work second = Works.ready(2);
    private final Work third = Works.ready(3);

    @Test
    void noMoreAreTakenThanTheBound() {
        assertThat(slots.take(first)).isTrue();
        assertThat(slots.take(second)).isFalse();
        assertThat(slots.next()).as("while none is free").isNull();
        slots.giveBack(first);
        assertThat(slots.next()).isSameAs(second);
        assertThat(slots.take(second)).isTrue();
        assertThat(slots.take(third)).isFalse();
    }

    @Test
    void whoeverHasASlotKeepsItAndTakesNoSecond() {
        assertThat(slots.take(first)).isTrue();
        assertThat(slots.take(first)).isTrue();
        slots.giveBack(first);
        slots.giveBack(first);
        assertThat(slots.take(second)).isTrue();
        assertThat(slots.take(third)).isFalse();
    }

    @Test
    void theLongestWaitingIsNextAndOnce() {
        slots.take(first);
        slots.take(second);
        slots.take(third);
        slots.take(second);
        slots.giveBack(first);
        assertThat(slots.next()).isSameAs(second);
        assertThat(slots.next()).isSameAs(third);
        assertThat(slots.next()).isNull();
    }

    @Test
    void whoeverGivesUpItsWaitIsNotNext() {
        slots.take(first);
        slots.take(second);
        slots.giveBack(second);
        assertThat(second.waitsForSlot).isFalse();
        slots.giveBack(first);
        assertThat(slots.next()).isNull();
    }

    @Test
    void aMessageThatIsNoLongerReadyIsPassedOver() {
        slots.take(first);
        slots.take(second);
        slots.take(third);
        second.move(WorkEvent.DROP);
        slots.giveBack(first);
        assertThat(slots.next()).isSameAs(third);
        assertThat(second.waitsForSlot).isFalse();
    }

    @Test
    void whoeverWasNextWaitsAnewWhereTheSlotWasTakenMeanwhile() {
        slots.take(first);
        slots.take(second);
        slots.giveBack(first);
        assertThat(slots.next()).isSameAs(second);
        slots.take(third);
        assertThat(slots.take(second)).isFalse();
        slots.giveBack(third);
        assertThat(slots.next()).isSameAs(second);
    }
}
