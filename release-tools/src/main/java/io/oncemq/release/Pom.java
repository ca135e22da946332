package io.oncemq.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** An XML file whose elements are asked for by their path below the root. */
record Pom(Element root) {

    static Pom read(Path file) {
        try (var in = Files.newInputStream(file)) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new Pom(factory.newDocumentBuilder().parse(in).getDocumentElement());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("cannot read " + file + ": it is not well-formed XML. Build it again.", e);
        }
    }

    /** The elements at the end of the path, such as {@code licenses/license}. */
    List<Pom> all(String path) {
        List<Element> found = List.of(root);
        for (String name : path.split("/", -1)) {
            List<Element> below = new ArrayList<>();
            for (Element each : found) {
                for (Node child = each.getFirstChild(); child != null; child = child.getNextSibling()) {
                    if (child instanceof Element element && element.getTagName().equals(name)) {
                        below.add(element);
                    }
                }
            }
            found = below;
        }
        return found.stream().map(Pom::new).toList();
    }

    /** The text of the first element at the end of the path; empty if there is none. */
    String text(String path) {
        return all(path).stream()
                .map(each -> each.root.getTextContent().strip())
                .findFirst()
                .orElse("");
    }
}
