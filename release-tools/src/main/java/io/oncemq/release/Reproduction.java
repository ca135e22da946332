package io.oncemq.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A second build of the same sources in another folder made the same bytes. Signatures carry their time and differ. */
record Reproduction(Path otherFolder) implements Check {

    @Override
    public List<String> problems(Bundle bundle) {
        Bundle other = new Bundle(otherFolder, bundle.version(), bundle.modules());
        TreeSet<String> names =
                bundle.contents().stream().map(bundle::name).collect(Collectors.toCollection(TreeSet::new));
        other.contents().stream().map(other::name).forEach(names::add);
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            Path one = bundle.folder().resolve(name);
            Path two = otherFolder.resolve(name);
            try {
                if (!Files.exists(one) || !Files.exists(two)) {
                    problems.add("not reproducible " + name + ": only one of two builds made it. Build both again.");
                } else if (Files.mismatch(one, two) >= 0) {
                    String entry = name.endsWith(".jar") ? differingEntry(one, two) : null;
                    problems.add("not reproducible " + name + ": two builds of the same sources differ"
                            + (entry == null ? "" : " in " + entry)
                            + ". Remove times, paths and random order from it.");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return problems;
    }

    private static @Nullable String differingEntry(Path one, Path two) throws IOException {
        try (ZipFile first = new ZipFile(one.toFile());
                ZipFile second = new ZipFile(two.toFile())) {
            for (ZipEntry entry : first.stream().toList()) {
                ZipEntry twin = second.getEntry(entry.getName());
                if (twin == null || !Arrays.equals(bytes(first, entry), bytes(second, twin))) {
                    return entry.getName();
                }
            }
            return null;
        }
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
