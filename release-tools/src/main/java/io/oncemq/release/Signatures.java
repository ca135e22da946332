package io.oncemq.release;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Beside each file lies a signature of the key of this release. */
record Signatures(SigningKey key) implements Check {

    @Override
    public List<String> problems(Bundle bundle) {
        List<String> problems = new ArrayList<>();
        for (Path file : bundle.contents()) {
            Path signature = Path.of(file + ".asc");
            if (Contents.require(bundle, signature, "Look at maven-gpg-plugin in the profile release.", problems)
                    && !key.signed(file, signature)) {
                problems.add("wrong signature " + bundle.name(signature)
                        + ": it is not one of this key over this file. Sign the file again.");
            }
        }
        return problems;
    }
}
