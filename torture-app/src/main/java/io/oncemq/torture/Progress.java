package io.oncemq.torture;

import java.time.Duration;

/** Shows how far a run is until it is told to stop. Runs on a thread of its own. */
final class Progress implements Runnable {
    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private final Display display;
    private final Stop stop;
    private final Arena arena;
    private final Schedule schedule;
    private final long started = System.nanoTime();

    Progress(Display display, Stop stop, Arena arena, Schedule schedule) {
        this.display = display;
        this.stop = stop;
        this.arena = arena;
        this.schedule = schedule;
    }

    @Override
    public void run() {
        Duration interval = display.isTerminal() ? ON_TERMINAL : ELSEWHERE;
        try {
            while (true) {
                show();
                stop.pause(interval);
            }
        } catch (Stop.StoppedException over) {
            display.endLive();
        }
    }

    private void show() {
        arena.tail().refresh();
        Producer producer = arena.producer();
        int confirmed = producer.confirmed().size();
        display.live(String.format(
                "%4d s  published %d  confirmed %d  effects %d  faults %d  %s",
                Duration.ofNanos(System.nanoTime() - started).toSeconds(),
                producer.published(),
                confirmed,
                arena.tail().effects(),
                schedule.count(),
                String.join(", ", schedule.under())));
    }
}
