package io.oncemq.testkit.server;

/** Where a fixture runs its server. */
public enum BackEnd {
    /** A native child process of this JVM. */
    PROCESS,

    /** A container of a Docker engine on this machine. */
    DOCKER;

    /** As the property {@code oncemq.servers} says it. */
    @Override
    public String toString() {
        return this == PROCESS ? "process" : "docker";
    }
}
