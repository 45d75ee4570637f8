package dev.surprisal.cli.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One self-contained page: a heading, tiles with figures, sections. Nothing in it comes from the network. */
final class Html {
  private static final String STYLE = "page.css";

  private final StringBuilder body = new StringBuilder();
  private final String title;

  Html(String title, String subtitle) {
    this.title = title;
    body.append("<header><h1>").append(escape(title)).append("</h1><p>").append(escape(subtitle)).append("</p></header>\n");
  }

  /** A text as it may stand in an element or an attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
  }

  /** A format with {@code %}, never with a comma for a point. */
  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  Html openTiles() {
    body.append("<div class=\"tiles\">\n");
    return this;
  }

  /** A figure with its name and a note in small print. */
  Html tile(String name, String value, String note) {
    body.append("<div class=\"tile\"><div class=\"name\">").append(escape(name)).append("</div><div class=\"value\">")
        .append(escape(value)).append("</div><div class=\"note\">").append(escape(note)).append("</div></div>\n");
    return this;
  }

  Html closeTiles() {
    body.append("</div>\n");
    return this;
  }

  /** A section with a heading, a sentence on how to read it, and what it shows. */
  Html section(String heading, String explanation, String content) {
    body.append("<section><h2>").append(escape(heading)).append("</h2>\n<p class=\"how\">").append(escape(explanation))
        .append("</p>\n").append(content).append("</section>\n");
    return this;
  }

  /** Sections side by side where there is room. */
  Html openColumns() {
    body.append("<div class=\"columns\">\n");
    return this;
  }

  Html closeColumns() {
    body.append("</div>\n");
    return this;
  }

  /** A script that comes with this package. */
  Html script(String resource) {
    body.append("<script>\n").append(resource(resource)).append("</script>\n");
    return this;
  }

  /** The same figures for programs. */
  Html data(String json) {
    body.append("<script type=\"application/json\" id=\"figures\">\n").append(json.replace("<", "\\u003c"))
        .append("\n</script>\n");
    return this;
  }

  /** {@return the whole page} */
  String page() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s</main>
        </body>
        </html>
        """.formatted(escape(title), resource(STYLE), body);
  }

  private static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
