package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Settings of RocketMQ for tests: small files, few threads, no topic by being used, soon noticed changes. */
final class RocketDefaults {
    private RocketDefaults() {}

    static Map<String, String> nameServer(int port, Path data) {
        Map<String, String> config = new TreeMap<>();
        config.put("bindAddress", "127.0.0.1");
        config.put("listenPort", Integer.toString(port));
        config.put("kvConfigPath", data.resolve("kvConfig.json").toString());
        config.put("serverWorkerThreads", "2");
        return config;
    }

    static Map<String, String> broker(Path data) {
        Map<String, String> config = new TreeMap<>();
        config.put("bindAddress", "127.0.0.1");
        config.put("brokerIP1", "127.0.0.1");
        config.put("brokerId", "0");
        config.put("brokerRole", "ASYNC_MASTER");
        config.put("flushDiskType", "ASYNC_FLUSH");
        config.put("storePathRootDir", data.toString());
        config.put("storePathCommitLog", data.resolve("commitlog").toString());
        config.put("autoCreateTopicEnable", "false");
        config.put("diskMaxUsedSpaceRatio", "95");
        // The shortest that a broker takes: it registers again by itself after this time.
        config.put("registerNameServerPeriod", "10000");
        config.put("transactionTimeOut", "6000");
        config.put("transactionCheckInterval", "3000");
        config.put("timerWheelEnable", "true");
        config.put("timerPrecisionMs", "100");
        // Each flush copies the whole wheel of seven days: every second, that is a tenth of a core.
        config.put("timerFlushIntervalMs", "5000");
        config.put("enablePropertyFilter", "true");
        sizes(config);
        threads(config);
        return config;
    }

    private static void sizes(Map<String, String> config) {
        config.put("mappedFileSizeCommitLog", "16777216");
        config.put("mappedFileSizeConsumeQueue", "60000");
        config.put("mappedFileSizeTimerLog", "1024000");
        config.put("maxIndexNum", "20000");
        config.put("maxHashSlotNum", "5000");
    }

    private static void threads(Map<String, String> config) {
        for (String pool : new String[] {
            "sendMessage",
            "pullMessage",
            "litePullMessage",
            "ackMessage",
            "processReplyMessage",
            "queryMessage",
            "adminBroker",
            "clientManage",
            "consumerManage",
            "loadBalanceProcessor",
            "heartbeat",
            "recover",
            "endTransaction"
        }) {
            config.put(pool + "ThreadPoolNums", "4");
        }
        config.put("serverWorkerThreads", "4");
    }
}
