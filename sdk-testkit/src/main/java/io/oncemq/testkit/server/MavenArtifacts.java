package io.oncemq.testkit.server;

import java.io.File;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;

/**
 * Artifacts from Maven repositories, fetched at run time into the user's local repository, so that a server runs on a
 * class path of its own and is no dependency of the code under test.
 *
 * <p>Mirrors, proxies, credentials, additional repositories and the offline switch come from the user's and the
 * installation's {@code settings.xml}, as for a build. What is in the local repository already needs no network, and a
 * class path resolved before is read from {@code ~/.cache/oncemq}. Thread-safe; calls block while they download.
 */
public final class MavenArtifacts {
    private final ClassPathCache cache;
    private final Supplier<MavenSettings> settings;

    /** Uses this machine's settings and cache. */
    public MavenArtifacts() {
        this(new ClassPathCache(CacheFolder.path().resolve("class-paths")), MavenSettings::read);
    }

    MavenArtifacts(ClassPathCache cache, Supplier<MavenSettings> settings) {
        this.cache = cache;
        this.settings = settings;
    }

    /**
     * The files that a program needs to run: the artifacts and their runtime dependencies.
     *
     * @param coordinates {@code group:artifact:version} of each
     * @param exclusions {@code group:artifact} of what to leave out
     * @throws ServerException if one cannot be resolved; it names the artifact, the repositories asked and the remedy
     */
    public synchronized List<Path> classPath(List<String> coordinates, Set<String> exclusions) {
        String key = String.join("\n", coordinates) + "\n-\n"
                + exclusions.stream().sorted().collect(Collectors.joining("\n"));
        return cache.get(key, () -> resolveAll(coordinates, exclusions));
    }

    /**
     * The file of one artifact, without its dependencies.
     *
     * @param coordinate {@code group:artifact:version}
     * @throws ServerException if it cannot be resolved; it names the artifact, the repositories asked and the remedy
     */
    public synchronized Path file(String coordinate) {
        return cache.get("file " + coordinate, () -> List.of(resolveOne(coordinate)))
                .get(0);
    }

    private List<Path> resolveAll(List<String> coordinates, Set<String> exclusions) {
        MavenSettings machine = settings.get();
        RepositorySystem system = new RepositorySystemSupplier().get();
        try (CloseableSession session = machine.session(system)) {
            List<RemoteRepository> repositories = machine.repositories(system, session);
            CollectRequest collect = new CollectRequest();
            collect.setRepositories(repositories);
            coordinates.forEach(c -> collect.addDependency(
                    new Dependency(new DefaultArtifact(c), "runtime", false, exclusions(exclusions))));
            return system
                    .resolveDependencies(session, new DependencyRequest(collect, MavenArtifacts::neededToRun))
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .map(MavenArtifacts::path)
                    .toList();
        } catch (DependencyResolutionException e) {
            throw machine.unresolved(String.join(", ", coordinates), e);
        } finally {
            system.shutdown();
        }
    }

    private Path resolveOne(String coordinate) {
        MavenSettings machine = settings.get();
        RepositorySystem system = new RepositorySystemSupplier().get();
        try (CloseableSession session = machine.session(system)) {
            List<RemoteRepository> repositories = machine.repositories(system, session);
            ArtifactRequest request = new ArtifactRequest(new DefaultArtifact(coordinate), repositories, null);
            return path(system.resolveArtifact(session, request).getArtifact());
        } catch (ArtifactResolutionException e) {
            throw machine.unresolved(coordinate, e);
        } finally {
            system.shutdown();
        }
    }

    private static boolean neededToRun(
            org.eclipse.aether.graph.DependencyNode node, List<org.eclipse.aether.graph.DependencyNode> parents) {
        Dependency dependency = node.getDependency();
        return dependency != null
                && !dependency.isOptional()
                && Set.of("", "compile", "runtime").contains(dependency.getScope());
    }

    private static List<Exclusion> exclusions(Collection<String> names) {
        return names.stream()
                .map(name -> name.split(":", 2))
                .map(part -> new Exclusion(part[0], part[1], "*", "*"))
                .toList();
    }

    private static Path path(Artifact artifact) {
        return artifact.getPath().toAbsolutePath();
    }

    /** Joins files to the value of a {@code -cp} argument. */
    public static String join(Collection<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
