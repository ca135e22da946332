package io.oncemq.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EXAMPLE = Path.of("src/test/java/io/oncemq/quickstart/ReadmeExample.java");
    private static final Pattern SECTION = Pattern.compile("(?m)^## ");
    private static final Pattern NUMBER = Pattern.compile("\\d+[.,]\\d+");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void exampleIsTheOneThatIsCompiled(String page) throws Exception {
        String source = Files.readString(EXAMPLE);
        String imports =
                source.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String example = source.split("( *)// readme\\R")[1].stripTrailing().stripIndent();

        assertThat(example.lines().count()).isBetween(10L, 17L);
        assertThat(read(page)).contains("```java\n" + imports + "\n\n" + example + "\n```");
    }

    @Test
    void bothLanguagesHaveTheSameSectionsAndFigures() throws Exception {
        String english = read("README.md");
        String chinese = read("README.zh-CN.md");

        assertThat(SECTION.matcher(chinese).results().count())
                .isEqualTo(SECTION.matcher(english).results().count());
        assertThat(numbers(chinese)).isNotEmpty().containsExactlyInAnyOrderElementsOf(numbers(english));
        assertThat(english).contains("](README.zh-CN.md)");
        assertThat(chinese).contains("](README.md)");
    }

    @Test
    void figuresAreThoseOfTheBenchmarks() throws Exception {
        String readme = read("README.md");
        String table = readme.substring(readme.indexOf("## Figures"), readme.indexOf("## Install"));

        assertThat(numbers(table)).isNotEmpty().isSubsetOf(numbers(read("docs/benchmarks.md")));
    }

    @Test
    void diagramIsValidXml() throws Exception {
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(ROOT.resolve("docs/way-of-a-message.svg").toFile())
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
    }

    @Test
    void saysNowhereThatEffectsHappenExactlyOnce() throws Exception {
        assertThat(read("README.md").toLowerCase(Locale.ROOT)).doesNotContain("exactly-once", "exactly once");
    }

    private static List<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group).toList();
    }

    private static String read(String page) throws Exception {
        return Files.readString(ROOT.resolve(page));
    }
}
