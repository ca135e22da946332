package io.oncemq.quickstart;

import java.nio.file.Path;
import java.util.List;

/**
 * What a consumer process is told on its command line.
 *
 * @param name tells it apart from every other process of the run, replacements included
 */
record ConsumerSpec(
        String name,
        ConsumerVariant variant,
        BrokerKind broker,
        String address,
        String store,
        Path ledger,
        Path journal) {

    List<String> toArguments() {
        return List.of(name, variant.name(), broker.name(), address, store, ledger.toString(), journal.toString());
    }

    static ConsumerSpec parse(String... arguments) {
        return new ConsumerSpec(
                arguments[0],
                ConsumerVariant.valueOf(arguments[1]),
                BrokerKind.valueOf(arguments[2]),
                arguments[3],
                arguments[4],
                Path.of(arguments[5]),
                Path.of(arguments[6]));
    }
}
