package io.oncemq.quickstart;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param messages how many messages to generate; unused with an input file
 * @param input the file to publish instead, or null
 * @param faults whether duplicates are injected and processes killed
 * @param variant how the consumers behave; the command line knows honest ones only
 */
record Options(
        BrokerKind broker,
        int messages,
        @Nullable Path input,
        String idField,
        String keyField,
        boolean faults,
        ConsumerVariant variant) {

    static Options defaults() {
        return new Options(BrokerKind.KAFKA, 20_000, null, "id", "key", true, ConsumerVariant.HONEST);
    }

    Options broker(BrokerKind kind) {
        return new Options(kind, messages, input, idField, keyField, faults, variant);
    }

    Options messages(int count) {
        return new Options(broker, count, input, idField, keyField, faults, variant);
    }

    Options input(Path file) {
        return new Options(broker, messages, file, idField, keyField, faults, variant);
    }

    Options idField(String name) {
        return new Options(broker, messages, input, name, keyField, faults, variant);
    }

    Options keyField(String name) {
        return new Options(broker, messages, input, idField, name, faults, variant);
    }

    Options withoutFaults() {
        return new Options(broker, messages, input, idField, keyField, false, variant);
    }

    Options variant(ConsumerVariant behaviour) {
        return new Options(broker, messages, input, idField, keyField, faults, behaviour);
    }
}
