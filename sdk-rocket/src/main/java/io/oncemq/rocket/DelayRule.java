package io.oncemq.rocket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.rocketmq.common.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What one broker can delay: any time up to a limit by its timer, or the times of its levels where the timer is off.
 *
 * @param timer whether the timer is on
 * @param longest for the timer
 * @param levels for a broker without it; the first one is level 1
 */
record DelayRule(String broker, boolean timer, Duration longest, List<Duration> levels) {
    private static final Pattern LEVEL = Pattern.compile("(\\d+)([smhd])");
    private static final long THREE_DAYS = 3 * 24 * 3_600L;

    DelayRule {
        levels = List.copyOf(levels);
    }

    static DelayRule of(String broker, Properties settings) {
        return new DelayRule(
                broker,
                Boolean.parseBoolean(settings.getProperty("timerWheelEnable", "true")),
                Duration.ofSeconds(Long.parseLong(settings.getProperty("timerMaxDelaySec", Long.toString(THREE_DAYS)))),
                levels(settings.getProperty("messageDelayLevel", "")));
    }

    /** A broker's defaults: for users that may not read its settings. It says itself what it does not take. */
    static DelayRule usual(String broker) {
        return of(broker, new Properties());
    }

    private static List<Duration> levels(String text) {
        List<Duration> levels = new ArrayList<>();
        Matcher level = LEVEL.matcher(text);
        while (level.find()) {
            long number = Long.parseLong(level.group(1));
            levels.add(
                    switch (level.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        return levels;
    }

    /** Why the broker cannot keep a message for so long, or null if it can. */
    @Nullable
    String refusal(Duration delay) {
        if (timer && delay.compareTo(longest) > 0) {
            return broker + " delays no message longer than " + longest + " (timerMaxDelaySec), and " + delay
                    + " was asked for: use a shorter delay, or raise timerMaxDelaySec";
        }
        if (!timer && !levels.contains(delay)) {
            String known = levels.stream().map(Duration::toString).collect(Collectors.joining(", "));
            return broker + " has its timer off (timerWheelEnable) and knows only the delays " + known + ", not "
                    + delay + ": use one of them, or switch the timer on";
        }
        return null;
    }

    /** For a delay without {@link #refusal}. */
    void apply(Message message, Duration delay) {
        if (timer) {
            message.setDelayTimeMs(delay.toMillis());
        } else {
            message.setDelayTimeLevel(levels.indexOf(delay) + 1);
        }
    }
}
