package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** S10: users share a connection, and what one of them does there is its own affair. */
@Timeout(120)
class SharedLinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<FakeLink> opened = new CopyOnWriteArrayList<>();
    private volatile @Nullable RuntimeException refusal;
    private volatile int attempts;
    private final SharedLink<FakeLink> links = new SharedLink<>(this::open);

    private synchronized FakeLink open(Consumer<Throwable> broken) {
        attempts++;
        RuntimeException refused = refusal;
        if (refused != null) {
            throw refused;
        }
        FakeLink link = new FakeLink(broken);
        opened.add(link);
        return link;
    }

    private static final class FakeLink implements SharedLink.Link {
        final Consumer<Throwable> onBroken;
        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile boolean broken;

        FakeLink(Consumer<Throwable> onBroken) {
            this.onBroken = onBroken;
        }

        void breaks() {
            broken = true;
            onBroken.accept(new ConnectionException("reset"));
        }

        @Override
        public void cut() {
            calls.add("cut");
        }

        @Override
        public boolean isBroken() {
            return broken;
        }

        @Override
        public void close(Duration deadline) {
            calls.add("close");
        }
    }

    private static final class FakeUser implements SharedLink.User {
        final List<String> told = new CopyOnWriteArrayList<>();
        volatile boolean closing;

        @Override
        public void broken(Throwable cause) {
            told.add("broken");
        }

        @Override
        public void reachable() {
            told.add("reachable");
        }

        @Override
        public boolean isClosing() {
            return closing;
        }
    }

    private static List<FakeUser> users(int count) {
        List<FakeUser> users = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            users.add(new FakeUser());
        }
        return users;
    }

    @Test
    void allUsersHaveOneConnectionAndTheLastOneClosesIt() throws Exception {
        List<SharedLink<FakeLink>.Seat> seats = new ArrayList<>();
        for (FakeUser user : users(3)) {
            seats.add(links.join(user));
        }
        assertThat(opened).hasSize(1);
        seats.get(0).leave(Duration.ZERO);
        seats.get(1).leave(Duration.ZERO);
        assertThat(opened.get(0).calls).isEmpty();
        seats.get(2).leave(Duration.ZERO);
        assertThat(opened.get(0).calls).containsExactly("close");
        links.join(new FakeUser());
        assertThat(opened).hasSize(2);
    }

    @Test
    void whoLeavesClosesItsOwnOnly() throws Exception {
        SharedLink<FakeLink>.Seat leaving = links.join(new FakeUser());
        SharedLink<FakeLink>.Seat staying = links.join(new FakeUser());
        List<String> closed = new CopyOnWriteArrayList<>();
        SharedLink.Held given = () -> closed.add("given back before");
        leaving.holds(given);
        leaving.released(given);
        leaving.holds(() -> closed.add("leaving"));
        staying.holds(() -> closed.add("staying"));
        leaving.cut();
        leaving.leave(Duration.ofSeconds(10));
        assertThat(closed).containsExactly("leaving");
        assertThat(opened.get(0).calls).isEmpty();
        staying.cut();
        assertThat(opened.get(0).calls).containsExactly("cut");
    }

    @Test
    void aConnectionThatDoesNotCloseDelaysNoOther() throws Exception {
        SharedLink<FakeLink>.Seat stuck = links.join(new FakeUser());
        SharedLink<FakeLink>.Seat other = links.join(new FakeUser());
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        stuck.holds(() -> {
            answer.await();
            answered.countDown();
        });
        stuck.leave(Duration.ZERO);
        assertThat(answered.getCount()).isEqualTo(1);
        other.leave(Duration.ZERO);
        assertThat(opened.get(0).calls).containsExactly("close");
        answer.countDown();
        assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aBrokenConnectionIsToldToAllWhoUseItAndOpenedOnce() throws Exception {
        List<FakeUser> users = users(10);
        List<SharedLink<FakeLink>.Seat> seats = new ArrayList<>();
        for (FakeUser user : users) {
            seats.add(links.join(user));
        }
        FakeUser gone = users.get(9);
        gone.closing = true;
        seats.get(9).leave(Duration.ZERO);
        opened.get(0).breaks();
        opened.get(0).breaks();
        for (int n = 0; n < 9; n++) {
            assertThat(users.get(n).told).containsExactly("broken");
            seats.get(n).leave(Duration.ZERO);
        }
        assertThat(opened.get(0).calls).containsExactly("close");
        links.join(users.get(0));
        assertThat(users.get(1).told).containsExactly("broken", "reachable");
        assertThat(users.get(0).told).containsExactly("broken");
        for (int n = 1; n < 9; n++) {
            links.join(users.get(n));
        }
        assertThat(opened).hasSize(2);
        assertThat(gone.told).isEmpty();
    }

    /** One of them tries again; a new user makes an attempt of its own, since an old failure may be over. */
    @Test
    void aFailedAttemptCountsOnceForEachWhoHasLostTheConnection() throws Exception {
        List<FakeUser> users = users(10);
        for (FakeUser user : users) {
            links.join(user);
        }
        refusal = new ConnectionException("refused");
        opened.get(0).breaks();
        for (FakeUser user : users) {
            assertThatThrownBy(() -> links.join(user)).isSameAs(refusal);
        }
        assertThat(attempts).isEqualTo(2);
        for (FakeUser user : users) {
            assertThatThrownBy(() -> links.join(user)).isSameAs(refusal);
        }
        assertThat(attempts).isEqualTo(3);
        assertThatThrownBy(() -> links.join(new FakeUser())).isSameAs(refusal);
        assertThat(attempts).isEqualTo(4);
        refusal = null;
        assertThatThrownBy(() -> links.join(users.get(3))).hasMessage("refused");
        links.join(users.get(3));
        assertThat(attempts).isEqualTo(5);
        assertThat(users.get(4).told).containsExactly("broken", "reachable");
    }

    @Test
    void whoComesWhileItIsBeingOpenedWaitsForThatAttempt() {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SharedLink<FakeLink> slow = new SharedLink<>(broken -> {
            opening.countDown();
            goOn.await();
            return open(broken);
        });
        List<CompletableFuture<FakeLink>> joined = new ArrayList<>();
        for (FakeUser user : users(4)) {
            joined.add(CompletableFuture.supplyAsync(() -> link(slow, user), task -> new Thread(task).start()));
        }
        await().atMost(PATIENCE).until(() -> opening.getCount() == 0);
        goOn.countDown();
        joined.forEach(each -> assertThat(each.join()).isSameAs(joined.get(0).join()));
        assertThat(attempts).isEqualTo(1);
    }

    private static FakeLink link(SharedLink<FakeLink> links, FakeUser user) {
        try {
            return links.join(user).link;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
