package io.oncemq.boot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Which versions of the clients an application has: properties of its pom, by the names that Spring Boot's parent knows. */
record Versions(String name, Map<String, String> properties) {
    /** Sets nothing: those that Spring Boot manages. */
    static Versions own() {
        return new Versions("own", Map.of());
    }

    /** Those that OnceMQ is built with, the newest of each. */
    static Versions newest() {
        Map<String, String> newest = new LinkedHashMap<>();
        newest.put("kafka.version", ofThisBuild("kafka"));
        newest.put("rabbit-amqp-client.version", ofThisBuild("rabbit"));
        newest.put("activemq.version", ofThisBuild("activemq"));
        newest.put("jedis.version", ofThisBuild("jedis"));
        newest.put("jackson-bom.version", ofThisBuild("jackson"));
        newest.put("jackson-2-bom.version", ofThisBuild("jackson2"));
        newest.put("micrometer.version", ofThisBuild("micrometer"));
        return new Versions("newest", newest);
    }

    static String ofThisBuild(String client) {
        String property = "oncemq.test." + client;
        String version = System.getProperty(property);
        if (version == null) {
            throw new IllegalStateException(property + " is not set: boot-tests/pom.xml does it");
        }
        return version;
    }

    Versions with(String property, String version) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(property, version);
        return new Versions(name, more);
    }

    /** As elements of a pom. */
    String elements() {
        return properties.entrySet().stream()
                .map(each -> "    <" + each.getKey() + ">" + each.getValue() + "</" + each.getKey() + ">")
                .collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return name;
    }
}
