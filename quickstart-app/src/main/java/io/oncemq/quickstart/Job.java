package io.oncemq.quickstart;

import java.nio.file.Path;

/** The main job in its surroundings: servers and folder before, evidence and removal afterwards. */
final class Job {
    private final Options options;
    private final CheckedInput input;
    private final Display display;
    private final Path evidence;

    /** @param evidence the folder that receives ledger, journals and logs of a run that did not hold */
    Job(Options options, CheckedInput input, Display display, Path evidence) {
        this.options = options;
        this.input = input;
        this.display = display;
        this.evidence = evidence;
    }

    /**
     * Blocks until all is over. Neither processes nor files are left behind, not even if the JVM is asked to exit meanwhile.
     *
     * @throws Stop.StoppedException if it was
     */
    Summary run() {
        Stop stop = new Stop();
        try (WorkFolder folder = WorkFolder.create();
                Interruption interruption = Interruption.handled()) {
            interruption.then(folder::close);
            interruption.then(stop::request);
            interruption.then(display::mute);
            return run(folder, stop, interruption);
        } catch (RuntimeException e) {
            // What breaks while everything is being closed tells nothing.
            throw stop.isRequested() ? new Stop.StoppedException() : e;
        }
    }

    private Summary run(WorkFolder folder, Stop stop, Interruption interruption) {
        display.line("starting " + options.broker().title() + " and Redis");
        try (RunServers servers = RunServers.start(options.broker());
                Fleet fleet = new Fleet(options.variant(), servers, folder)) {
            display.line("profile " + Places.PROFILE
                    + ": embedded single servers keep one copy of everything; DURABLE, the default, refuses them");
            interruption.then(fleet::close);
            Summary summary =
                    new Play(options, input, display, stop, servers, fleet, new Ledger(folder.ledger())).run();
            if (!summary.holds()) {
                folder.copyTo(evidence);
                display.line("ledger, journals and logs are kept in " + evidence);
            }
            return summary;
        }
    }
}
