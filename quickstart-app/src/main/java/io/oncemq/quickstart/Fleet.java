package io.oncemq.quickstart;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The consumer processes of a run, dead ones included. Thread-safe. */
final class Fleet implements AutoCloseable {
    private final ConsumerVariant variant;
    private final RunServers servers;
    private final WorkFolder folder;
    private final List<ConsumerProcess> processes = new CopyOnWriteArrayList<>();
    private boolean closed;

    Fleet(ConsumerVariant variant, RunServers servers, WorkFolder folder) {
        this.variant = variant;
        this.servers = servers;
        this.folder = folder;
    }

    /** Starts one more process, with a name that no other has had. */
    synchronized ConsumerProcess start() {
        if (closed) {
            throw new Stop.StoppedException();
        }
        String name = "consumer-" + (processes.size() + 1);
        ConsumerSpec spec = new ConsumerSpec(
                name,
                variant,
                servers.kind(),
                servers.broker().address(),
                servers.redis().uri(),
                folder.ledger(),
                folder.file(name + ".journal"));
        ConsumerProcess process = ConsumerProcess.start(spec, folder);
        processes.add(process);
        return process;
    }

    ConsumerProcess first() {
        return processes.get(0);
    }

    boolean allReady() {
        return processes.stream().allMatch(ConsumerProcess::isReady);
    }

    /** Those that ended although nobody killed or closed them. */
    List<ConsumerProcess> diedByThemselves() {
        return processes.stream().filter(ConsumerProcess::diedByItself).toList();
    }

    int count(Journal.Kind kind) {
        return processes.stream().mapToInt(process -> process.count(kind)).sum();
    }

    /** Asks all that live to close; whether all did in order. */
    boolean stop() {
        return processes.parallelStream()
                .filter(process -> !process.isKilled())
                .map(ConsumerProcess::stop)
                .reduce(true, Boolean::logicalAnd);
    }

    /** The end of each process's log. */
    String logTails() {
        return processes.stream()
                .map(process -> process.name() + ":\n" + process.logTail())
                .collect(Collectors.joining("\n"));
    }

    /** Kills what still runs. */
    @Override
    public synchronized void close() {
        closed = true;
        processes.forEach(ConsumerProcess::close);
    }
}
