package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopBudgetTest {
    private static final Duration TOTAL = Duration.ofSeconds(20);

    private long now;

    @Test
    void listenersGetThreeQuartersAndClientsWhatTheyLeave() {
        StopBudget budget = budget(Duration.ofSeconds(30));
        assertThat(budget.ofListeners()).isEqualTo(Duration.ofSeconds(15));
        assertThat(budget.ofClients()).isEqualTo(TOTAL);
        budget.spend(() -> now += Duration.ofSeconds(16).toNanos());
        now += Duration.ofSeconds(30).toNanos(); // of the web server
        assertThat(budget.ofClients()).isEqualTo(Duration.ofSeconds(4));
        budget.spend(() -> now += Duration.ofSeconds(5).toNanos());
        assertThat(budget.ofClients()).isZero();
        budget.renew();
        assertThat(budget.ofClients()).isEqualTo(TOTAL);
    }

    @Test
    void theShorterOneOfBudgetAndPhaseWins() {
        assertThat(budget(Duration.ofSeconds(10)).ofListeners()).isEqualTo(Duration.ofSeconds(8));
        assertThat(budget(Duration.ofSeconds(17)).ofListeners()).isEqualTo(Duration.ofSeconds(15));
        assertThat(budget(Duration.ofSeconds(1)).ofListeners()).isZero();
    }

    private StopBudget budget(Duration phase) {
        return new StopBudget(TOTAL, phase, () -> now);
    }
}
