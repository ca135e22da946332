package io.oncemq.quickstart;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Publishes, consumes, injects, kills, waits until all is settled, and has it judged. */
final class Play {
    private static final Duration READY_PATIENCE = Duration.ofMinutes(3);

    private final Options options;
    private final CheckedInput input;
    private final Display display;
    private final Stop stop;
    private final RunServers servers;
    private final Fleet fleet;
    private final Ledger ledger;
    private final PublishJob publishing;
    private final DuplicateInjector injector;
    private final FaultPlan faults;

    Play(
            Options options,
            CheckedInput input,
            Display display,
            Stop stop,
            RunServers servers,
            Fleet fleet,
            Ledger ledger) {
        this.options = options;
        this.input = input;
        this.display = display;
        this.stop = stop;
        this.servers = servers;
        this.fleet = fleet;
        this.ledger = ledger;
        this.publishing = new PublishJob(input);
        this.injector = new DuplicateInjector(servers.broker(), stop);
        this.faults = new FaultPlan(stop, display, servers, fleet, ledger, publishing, input);
    }

    Summary run() {
        try (MessagingClient client = connect()) {
            client.ensure(DestinationSpec.builder(Places.DESTINATION)
                    .partitions(Places.PARTITIONS)
                    .group(Places.GROUP)
                    .build());
            startConsumers();
            long started = System.nanoTime();
            boolean settled = publishAndSettle(client);
            Duration duration = Duration.ofNanos(System.nanoTime() - started);
            boolean closed = fleet.stop();
            publishing.failures().stream().limit(5).forEach(failure -> display.line("not confirmed: " + failure));
            if (settled && !closed) {
                display.line("a consumer process did not close in order");
            }
            return summary(settled && closed, duration);
        }
    }

    private MessagingClient connect() {
        return MessagingClient.builder()
                .profile(Places.PROFILE)
                .transport(servers.kind().transport(servers.broker().address()))
                .idempotency(servers.redis().uri())
                .build();
    }

    private void startConsumers() {
        display.line("starting two consumer processes");
        fleet.start();
        fleet.start();
        if (!stop.await(
                        READY_PATIENCE,
                        () -> fleet.allReady() || !fleet.diedByThemselves().isEmpty())
                || !fleet.allReady()) {
            throw new JobFailedException("the consumer processes do not get messages:\n" + fleet.logTails());
        }
    }

    private boolean publishAndSettle(MessagingClient client) {
        ProgressLine progress = new ProgressLine(display, stop, publishing, ledger, fleet, faults::faults);
        try (Background background = new Background();
                Backlog backlog = servers.broker().backlog()) {
            Background.Task shown = background.start(progress);
            List<Background.Task> disturbing =
                    options.faults() ? List.of(background.start(injector), background.start(faults)) : List.of();
            publishing.run(client, pace());
            injector.finish();
            disturbing.forEach(Background.Task::join);
            boolean settled = new Settlement(backlog, stop, ledger, fleet, display).await();
            shown.cancel();
            progress.show();
            display.endLive();
            return settled;
        }
    }

    private Pace pace() {
        return options.faults() ? Pace.unhurried(stop, input.publishable(), faults::brokerWasKilled) : Pace.full(stop);
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(faults.missing());
        if (injector.injected() == 0 && publishing.published() > 0) {
            missing.add("no duplicate was written: the raw client read or wrote nothing");
        }
        return missing;
    }

    private Summary summary(boolean settled, Duration duration) {
        Set<String> deadLettered = servers.broker().deadLetters();
        Verdict verdict = new Audit(input.expected(), faults.kills(), deadLettered).judge(ledger.effects());
        int suppressed = fleet.count(Journal.Kind.SUPPRESSED);
        return new Summary(
                options.broker().option(),
                input.malformed(),
                publishing.published(),
                publishing.confirmed(),
                injector.injected(),
                options.faults() ? missing() : List.of(),
                fleet.count(Journal.Kind.HANDLING) + suppressed,
                suppressed,
                deadLettered.size(),
                verdict,
                settled,
                duration);
    }
}
