package io.oncemq.spring.snippets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spring.OnceMqProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** What docs/getting-started.md, docs/testing.md and docs/adding-a-broker.md show stands in a class that is compiled, or binds. */
class SnippetsTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path SOURCES = MODULE.resolve("src/test/java/io/oncemq/spring");
    private static final Path DOCS = MODULE.getParent().resolve("docs");

    @ParameterizedTest
    @CsvSource({"getting-started.md, snippets", "testing.md, snippets", "adding-a-broker.md, toy"})
    void everyBlockOfJavaIsCompiled(String page, String folder) throws Exception {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES.resolve(folder))) {
            for (Path file : files.toList()) {
                sources.add(even(Files.readString(file)));
            }
        }
        List<String> blocks = blocks(page, "java");
        assertThat(blocks).hasSizeGreaterThan(2);
        assertThat(blocks).allSatisfy(block -> assertThat(sources).anyMatch(source -> source.contains(even(block))));
    }

    @Test
    void everyBlockOfPropertiesBinds() throws Exception {
        for (String block : blocks("getting-started.md", "yaml")) {
            YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
            yaml.setResources(new ByteArrayResource(block.getBytes(UTF_8)));
            OnceMqProperties bound = new Binder(new MapConfigurationPropertySource(yaml.getObject()))
                    .bind("oncemq", OnceMqProperties.class)
                    .get();
            assertThat(bound.getTransport()).isNotNull();
            assertThat(bound.getDestinations()).isNotEmpty();
        }
    }

    private static List<String> blocks(String page, String language) throws IOException {
        Matcher fences = Pattern.compile("```" + language + "\\R(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCS.resolve(page)));
        return fences.results().map(result -> result.group(1)).toList();
    }

    /** Lines without their indentation. */
    private static String even(String text) {
        return String.join("\n", text.lines().map(String::strip).toList()).strip();
    }
}
