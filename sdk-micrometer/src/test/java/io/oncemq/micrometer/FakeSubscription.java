package io.oncemq.micrometer;

import io.oncemq.Backlog;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A subscription that only says what it is. */
final class FakeSubscription implements Subscription {
    static final int IN_FLIGHT = 3;
    static final int LANES = 2;

    private final String destination;
    private final String group;
    private volatile State state = State.RUNNING;
    private volatile Supplier<List<Backlog>> backlog = List::of;

    FakeSubscription(String destination, String group) {
        this.destination = destination;
        this.group = group;
    }

    void answers(Supplier<List<Backlog>> told) {
        backlog = told;
    }

    @Override
    public List<Backlog> backlog() {
        return backlog.get();
    }

    @Override
    public int lanes() {
        return LANES;
    }

    void fail() {
        state = State.FAILED;
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    @Override
    public int inFlight() {
        return IN_FLIGHT;
    }

    @Override
    public void pause() {
        state = State.PAUSED;
    }

    @Override
    public void resume() {
        state = State.RUNNING;
    }

    @Override
    public void awaitTermination() {}

    @Override
    public boolean awaitTermination(Duration timeout) {
        return true;
    }

    @Override
    public void close() {
        state = State.CLOSED;
    }

    @Override
    public void close(Duration deadline) {
        close();
    }
}
