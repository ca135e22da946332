package io.oncemq.spring;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Names the property to set if a library on the class path is too old. Before Boot's analyzers, which do not know the property. */
@Order(0)
final class ClientVersionFailureAnalyzer extends AbstractFailureAnalyzer<LinkageError> {
    /** {@code 'ReturnType Owner.method(Parameters)'}. */
    private static final Pattern METHOD = Pattern.compile("'\\S+ (\\S+)\\.[^.(]+\\(.*");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, LinkageError cause) {
        String missing = missingClass(cause);
        return ClientVersion.of(missing)
                .filter(library -> library == ClientVersion.JACKSON_ANNOTATIONS || calledByOnceMq(cause))
                .map(library -> new FailureAnalysis(
                        "The class path has a version of a library that is too old for what calls it: "
                                + cause.getMessage() + " is missing.",
                        "Set the property " + library.property() + " in your build to " + library.oldest()
                                + " or newer.",
                        cause))
                .orElse(null);
    }

    private static String missingClass(LinkageError cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof NoClassDefFoundError && cause.getCause() instanceof ClassNotFoundException) {
            return message.replace('/', '.');
        }
        Matcher method = METHOD.matcher(message);
        return cause instanceof NoSuchMethodError && method.matches() ? method.group(1) : "";
    }

    /** What other libraries miss may need an older version as well. */
    private static boolean calledByOnceMq(LinkageError cause) {
        return Arrays.stream(cause.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(caller -> !caller.startsWith("java.") && !caller.startsWith("jdk."))
                .findFirst()
                .filter(caller -> caller.startsWith("io.oncemq."))
                .isPresent();
    }
}
