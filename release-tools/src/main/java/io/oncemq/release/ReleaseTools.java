package io.oncemq.release;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What ./release calls: makes a throw-away key, or checks a bundle and packs it. */
public final class ReleaseTools {
    private static final String USAGE =
            "usage: key FILE | check FOLDER OTHER-FOLDER VERSION MODULE,MODULE... OUTPUT-FOLDER";

    private ReleaseTools() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 2 && arguments[0].equals("key")) {
            Files.writeString(Path.of(arguments[1]), SigningKey.throwAway().armored());
        } else if (arguments.length == 6 && arguments[0].equals("check")) {
            String key = System.getenv("MAVEN_GPG_KEY");
            if (key == null || key.isBlank()) {
                throw new IllegalArgumentException(
                        "cannot check signatures: MAVEN_GPG_KEY is not set. Set it to the key that signed.");
            }
            Bundle bundle = new Bundle(Path.of(arguments[1]), arguments[3], List.of(arguments[4].split(",", -1)));
            int problems = check(bundle, Path.of(arguments[2]), new SigningKey(key), Path.of(arguments[5]), System.out);
            System.exit(problems == 0 ? 0 : 1);
        } else {
            throw new IllegalArgumentException(USAGE);
        }
    }

    /** Prints a table, then a line of JSON; packs the bundle only if it has no problem. Returns their number. */
    static int check(Bundle bundle, Path otherFolder, SigningKey key, Path output, PrintStream out) throws IOException {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("modules", Contents::modules);
        checks.put("sources", Contents::sources);
        checks.put("javadoc", Contents::javadoc);
        checks.put("poms", Poms::problems);
        checks.put("checksums", Checksums::problems);
        checks.put("signatures", new Signatures(key));
        checks.put("components", Sboms::problems);
        checks.put("licences", Licences::problems);
        checks.put("reproducible", new Reproduction(otherFolder));

        int problems = 0;
        StringBuilder table = new StringBuilder();
        StringBuilder json = new StringBuilder();
        for (var check : checks.entrySet()) {
            List<String> found = check.getValue().problems(bundle);
            found.forEach(problem -> out.println(check.getKey() + ": " + problem));
            problems += found.size();
            table.append("%-14s %s%n".formatted(check.getKey(), found.isEmpty() ? "ok" : found.size() + " problems"));
            json.append(",\"%s\":%d".formatted(check.getKey(), found.size()));
        }
        out.printf("%n%-14s %s%n%s", "check", "result", table);
        int files = bundle.files().size();
        Path archive = output.resolve("oncemq-" + bundle.version() + "-bundle.zip");
        if (problems == 0) {
            Files.createDirectories(output);
            pack(bundle, archive);
            Files.write(
                    output.resolve("licences.txt"),
                    Licences.list(bundle).entrySet().stream()
                            .map(each -> each.getKey() + "  " + String.join(" or ", each.getValue()))
                            .toList());
            out.printf("%n%d files of %d modules: %s%n", files, bundle.modules().size(), archive);
        }
        out.printf(
                "{\"version\":\"%s\",\"modules\":%d,\"files\":%d,\"problems\":%d,\"problemsPerCheck\":{%s}}%n",
                bundle.version(), bundle.modules().size(), files, problems, json.substring(1));
        return problems;
    }

    private static void pack(Bundle bundle, Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Path file : bundle.files()) {
                ZipEntry entry = new ZipEntry(bundle.name(file));
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }
}
