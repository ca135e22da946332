package io.oncemq.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Beside each file lie the two checksums that Maven Central requires. */
final class Checksums {
    private static final Map<String, String> ALGORITHMS = Map.of(".md5", "MD5", ".sha1", "SHA-1");

    private Checksums() {}

    static List<String> problems(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (Path file : bundle.contents()) {
            ALGORITHMS.forEach((ending, algorithm) -> {
                Path sum = Path.of(file + ending);
                if (Contents.require(bundle, sum, "Deploy the module again.", problems)
                        && !read(sum).equals(digest(file, algorithm))) {
                    problems.add("wrong checksum " + bundle.name(sum)
                            + ": the file has changed since. Deploy the module again.");
                }
            });
        }
        return problems;
    }

    private static String read(Path sum) {
        try {
            return Files.readString(sum).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String digest(Path file, String algorithm) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot compute " + algorithm + ": this JDK has none. Use another one.", e);
        }
    }
}
