package io.oncemq.testkit.server;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs in the broker's JVM: formats the storage on the first start and hands over to Kafka, which saves a JVM start. Only
 * this class is put on the broker's class path, so it must not use another one of the testkit.
 */
final class KafkaMain {
    private KafkaMain() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        String properties = args[0];
        Path data = Path.of(args[1]);
        String clusterId = args[2];
        if (!Files.exists(data.resolve("meta.properties"))) {
            List<String> format = new ArrayList<>(List.of("format", "-t", clusterId, "-c", properties));
            format.addAll(Arrays.asList(args).subList(3, args.length));
            Object status = Class.forName("kafka.tools.StorageTool")
                    .getMethod("execute", String[].class, PrintStream.class)
                    .invoke(null, format.toArray(String[]::new), System.out);
            if (!Integer.valueOf(0).equals(status)) {
                System.exit(3);
            }
        }
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {properties});
    }
}
