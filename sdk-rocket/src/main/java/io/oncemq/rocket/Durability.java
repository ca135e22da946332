package io.oncemq.rocket;

import io.oncemq.Finding;
import java.util.Optional;
import java.util.Properties;

/**
 * Whether a broker's confirmed message can be lost with one machine. A broker keeps it in memory by default. SYNC_MASTER alone does not
 * help: since RocketMQ 5 it waits for as many copies as {@code inSyncReplicas} says, its own among them, and that is 1 by default
 * (CommitLog.handleHA).
 */
final class Durability {
    private static final int ITSELF_AND_ANOTHER = 2;

    private Durability() {}

    static Optional<Finding> of(String broker, Properties settings) {
        String flush = settings.getProperty("flushDiskType", "unknown");
        if (flush.equals("SYNC_FLUSH") || isReplicated(settings)) {
            return Optional.empty();
        }
        return Optional.of(Finding.violation(
                "RocketMQ broker " + broker,
                "flushDiskType",
                flush,
                "must be SYNC_FLUSH where no other broker has the message at its confirm (brokerRole="
                        + settings.getProperty("brokerRole")
                        + ", inSyncReplicas=" + settings.getProperty("inSyncReplicas")
                        + "): confirmed messages are lost with this machine",
                "Set flushDiskType=SYNC_FLUSH, or brokerRole=SYNC_MASTER with inSyncReplicas=2 and a replica"));
    }

    private static boolean isReplicated(Properties settings) {
        if (!"SYNC_MASTER".equals(settings.getProperty("brokerRole"))) {
            return false;
        }
        boolean all = Boolean.parseBoolean(settings.getProperty("enableControllerMode"))
                && Boolean.parseBoolean(settings.getProperty("allAckInSyncStateSet"));
        // With these the broker may lower the number to minInSyncReplicas while replicas are away.
        boolean mayLower = Boolean.parseBoolean(settings.getProperty("enableAutoInSyncReplicas"));
        String number = all || mayLower ? "minInSyncReplicas" : "inSyncReplicas";
        return Integer.parseInt(settings.getProperty(number, "1")) >= ITSELF_AND_ANOTHER;
    }
}
