package io.oncemq.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Everything below {@code oncemq}. An unknown name in a file or on the command line fails the start. Spring Boot does not report
 * unknown names of environment variables and system properties.
 */
@ConfigurationProperties(prefix = "oncemq", ignoreUnknownFields = false)
public class OnceMqProperties extends ClientProperties {
    /** Whether anything of OnceMQ is configured. */
    private boolean enabled = true;

    /** How long listeners and clients together may take at the end of the application; handlers get three quarters of it. */
    private Duration shutdownDeadline = Duration.ofSeconds(20);

    /** How long broker and store may take to answer a health check. */
    private Duration healthTimeout = Duration.ofSeconds(5);

    /** Health of a client with startup=BACKGROUND until it is connected. */
    private StartupHealth startupHealth = StartupHealth.DOWN;

    /** Further clients by name, each with the settings of a client: oncemq.clients.NAME.transport and so on. */
    private Map<String, ClientProperties> clients = new LinkedHashMap<>();

    /** Defaults of all listeners; annotations win over them. */
    @NestedConfigurationProperty
    private final ListenerProperties listener = new ListenerProperties();

    /** Settings of single listeners by their id; they win over annotations. */
    private Map<String, ListenerProperties> listeners = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public Duration getShutdownDeadline() {
        return shutdownDeadline;
    }

    public void setShutdownDeadline(Duration shutdownDeadline) {
        this.shutdownDeadline = shutdownDeadline;
    }

    public Duration getHealthTimeout() {
        return healthTimeout;
    }

    public void setHealthTimeout(Duration healthTimeout) {
        this.healthTimeout = healthTimeout;
    }

    public StartupHealth getStartupHealth() {
        return startupHealth;
    }

    public void setStartupHealth(StartupHealth startupHealth) {
        this.startupHealth = startupHealth;
    }

    public Map<String, ClientProperties> getClients() {
        return clients;
    }

    public void setClients(Map<String, ClientProperties> clients) {
        this.clients = Spellings.once(clients, "oncemq.clients");
    }

    public ListenerProperties getListener() {
        return listener;
    }

    public Map<String, ListenerProperties> getListeners() {
        return listeners;
    }

    public void setListeners(Map<String, ListenerProperties> listeners) {
        this.listeners = Spellings.once(listeners, "oncemq.listeners");
    }
}
