package io.oncemq.torture;

import java.nio.file.Path;
import java.util.List;

/**
 * What a consumer process is told on its command line.
 *
 * @param name of the member and its incarnation: tells it apart from every other process of the run
 * @param history the file that only this process writes
 * @param orders the file that the driver writes
 */
record ConsumerSpec(
        String name, BrokerKind broker, String address, String store, long seed, Path history, Path orders) {

    List<String> toArguments() {
        return List.of(name, broker.name(), address, store, Long.toString(seed), history.toString(), orders.toString());
    }

    static ConsumerSpec parse(String... arguments) {
        return new ConsumerSpec(
                arguments[0],
                BrokerKind.valueOf(arguments[1]),
                arguments[2],
                arguments[3],
                Long.parseLong(arguments[4]),
                Path.of(arguments[5]),
                Path.of(arguments[6]));
    }
}
