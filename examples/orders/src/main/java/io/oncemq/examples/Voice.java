package io.oncemq.examples;

import java.util.Locale;

/** Says on the console what a service does. */
public record Voice(String service) {
    public void say(String text) {
        System.out.println(String.format(Locale.ROOT, "  %8s | %s", service, text));
    }
}
