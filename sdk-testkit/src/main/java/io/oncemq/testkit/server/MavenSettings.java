package io.oncemq.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.model.building.DefaultModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.locator.DefaultModelLocator;
import org.apache.maven.model.superpom.DefaultSuperPomProvider;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.repository.AuthenticationSelector;
import org.eclipse.aether.repository.MirrorSelector;
import org.eclipse.aether.repository.ProxySelector;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.ConservativeAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;
import org.jspecify.annotations.Nullable;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.sec.dispatcher.DefaultSecDispatcher;

/** What this machine's {@code settings.xml} files say, in the terms of Maven's resolver. */
final class MavenSettings {
    private final Settings settings;
    private final String localRepositoryOverride;
    private final List<Server> servers;
    private final List<Proxy> proxies;

    private MavenSettings(Settings settings, String localRepositoryOverride, SettingsDecryptionResult plain) {
        this.settings = settings;
        this.localRepositoryOverride = localRepositoryOverride;
        this.servers = plain.getServers();
        this.proxies = plain.getProxies();
    }

    static MavenSettings read() {
        return read(userFile(), installationFile(), localRepositoryOverride());
    }

    static MavenSettings read(Path user, @Nullable Path installation, String localRepositoryOverride) {
        var request = new DefaultSettingsBuildingRequest();
        request.setSystemProperties(System.getProperties());
        request.setUserSettingsFile(user.toFile());
        request.setGlobalSettingsFile(installation == null ? null : installation.toFile());
        try {
            Settings settings = new DefaultSettingsBuilderFactory()
                    .newInstance()
                    .build(request)
                    .getEffectiveSettings();
            return new MavenSettings(settings, localRepositoryOverride, decrypt(settings));
        } catch (SettingsBuildingException e) {
            throw new ServerException("Maven's settings are not readable: " + e.getMessage(), e);
        }
    }

    private static SettingsDecryptionResult decrypt(Settings settings) {
        DefaultSecDispatcher dispatcher = new DefaultSecDispatcher(new DefaultPlexusCipher());
        dispatcher.setConfigurationFile("~/.m2/settings-security.xml");
        return new DefaultSettingsDecrypter(dispatcher).decrypt(new DefaultSettingsDecryptionRequest(settings));
    }

    CloseableSession session(RepositorySystem system) {
        return new SessionBuilderSupplier(system)
                .get()
                .setOffline(settings.isOffline())
                .setMirrorSelector(mirrors())
                .setProxySelector(proxies())
                .setAuthenticationSelector(credentials())
                .setSystemProperties(System.getProperties())
                .withLocalRepositoryBaseDirectories(localRepository())
                .build();
    }

    List<RemoteRepository> repositories(RepositorySystem system, RepositorySystemSession session) {
        List<RemoteRepository> all = new ArrayList<>();
        for (Profile profile : settings.getProfiles()) {
            if (active(profile)) {
                profile.getRepositories().forEach(r -> all.add(remote(r.getId(), r.getUrl())));
            }
        }
        if (all.stream().noneMatch(repository -> repository.getId().equals("central"))) {
            all.add(remote("central", mavensOwnCentral()));
        }
        return system.newResolutionRepositories(session, all);
    }

    ServerException unresolved(String what, Exception cause) {
        String from = Stream.concat(
                        settings.getMirrors().stream()
                                .filter(m -> !m.isBlocked())
                                .map(m -> "mirror " + m.getId()),
                        Stream.of("Maven Central"))
                .collect(Collectors.joining(", "));
        return new ServerException(
                "cannot resolve " + what + " from " + from + (settings.isOffline() ? " (offline)" : "")
                        + " into " + localRepository() + ".\n" + cause.getMessage()
                        + "\nCheck the network, or configure a mirror or proxy in " + userFile()
                        + "; run once online and later starts need no network.",
                cause);
    }

    private boolean active(Profile profile) {
        return settings.getActiveProfiles().contains(profile.getId())
                || (profile.getActivation() != null && profile.getActivation().isActiveByDefault());
    }

    private static RemoteRepository remote(String id, String url) {
        return new RemoteRepository.Builder(id, "default", url).build();
    }

    private MirrorSelector mirrors() {
        DefaultMirrorSelector selector = new DefaultMirrorSelector();
        for (Mirror m : settings.getMirrors()) {
            selector.add(
                    m.getId(),
                    m.getUrl(),
                    m.getLayout(),
                    false,
                    m.isBlocked(),
                    m.getMirrorOf(),
                    m.getMirrorOfLayouts());
        }
        return selector;
    }

    private ProxySelector proxies() {
        DefaultProxySelector selector = new DefaultProxySelector();
        for (Proxy p : proxies) {
            if (p.isActive()) {
                var login =
                        new AuthenticationBuilder().addUsername(p.getUsername()).addPassword(p.getPassword());
                selector.add(
                        new org.eclipse.aether.repository.Proxy(
                                p.getProtocol(), p.getHost(), p.getPort(), login.build()),
                        p.getNonProxyHosts());
            }
        }
        return selector;
    }

    private AuthenticationSelector credentials() {
        DefaultAuthenticationSelector selector = new DefaultAuthenticationSelector();
        for (Server s : servers) {
            var login = new AuthenticationBuilder().addUsername(s.getUsername()).addPassword(s.getPassword());
            login.addPrivateKey(s.getPrivateKey(), s.getPassphrase());
            selector.add(s.getId(), login.build());
        }
        return new ConservativeAuthenticationSelector(selector);
    }

    Path localRepository() {
        if (!localRepositoryOverride.isEmpty()) {
            return Path.of(localRepositoryOverride);
        }
        String configured = settings.getLocalRepository();
        return configured == null ? userFolder().resolve("repository") : Path.of(configured);
    }

    /** Set by {@code -Dmaven.repo.local}, or by Surefire for the tests it runs; empty if neither. */
    static String localRepositoryOverride() {
        return System.getProperty("maven.repo.local", System.getProperty("localRepository", ""));
    }

    private static Path userFolder() {
        return Path.of(System.getProperty("user.home"), ".m2");
    }

    private static Path userFile() {
        return userFolder().resolve("settings.xml");
    }

    private static @Nullable Path installationFile() {
        return Stream.of(System.getProperty("maven.home"), System.getenv("MAVEN_HOME"), System.getenv("M2_HOME"))
                .filter(Objects::nonNull)
                .map(Path::of)
                .map(home -> home.resolve("conf/settings.xml"))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseGet(MavenSettings::besideTheCommand);
    }

    private static @Nullable Path besideTheCommand() {
        return Executables.find("mvn")
                .map(Executables::real)
                .map(mvn -> mvn.resolveSibling("../conf/settings.xml").normalize())
                .filter(Files::isRegularFile)
                .orElse(null);
    }

    /** Where Maven itself looks when nobody says anything: its super POM names it. */
    private static String mavensOwnCentral() {
        var processor = new DefaultModelProcessor()
                .setModelLocator(new DefaultModelLocator())
                .setModelReader(new DefaultModelReader());
        return new DefaultSuperPomProvider()
                .setModelProcessor(processor)
                .getSuperModel("4.0.0")
                .getRepositories()
                .get(0)
                .getUrl();
    }
}
