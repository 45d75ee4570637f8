package dev.surprisal.cli.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surprisal.cli.Run;
import dev.surprisal.cli.files.NpyWriter;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** The pages' figures read back, and that nothing in a page comes from elsewhere. */
class PageTest {
  private static final int ROWS = 200;

  @TempDir
  private Path directory;

  private Path logits(String name, int seed) throws IOException {
    Random random = new Random(seed);
    float[][] rows = new float[ROWS][50];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian() * 3;
      }
    }
    return NpyWriter.floats(directory.resolve(name), rows);
  }

  private String page(Object... arguments) throws IOException {
    Path page = directory.resolve("page.html");
    Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--html";
    all[arguments.length + 1] = page;
    Run run = Run.surprisal(all);
    assertEquals(0, run.exitCode(), run.err());
    String html = Files.readString(page);
    assertFalse(Pattern.compile("(src|href)=\"(?!data:,)").matcher(html).find(), "self-contained");
    assertFalse(html.contains("url(") || html.contains("@import"), "self-contained");
    return html;
  }

  private static JsonNode figures(String html) throws IOException {
    String json = html.substring(html.indexOf("id=\"figures\">") + 13);
    return new ObjectMapper().readTree(json.substring(0, json.indexOf("</script>")));
  }

  private static String tile(String html, String name) {
    String tile = "<div class=\"name\">" + Pattern.quote(Html.escape(name)) + "</div><div class=\"value\">([^<]*)<";
    return Pattern.compile(tile).matcher(html).results().map(result -> result.group(1)).findFirst()
        .orElseThrow(() -> new AssertionError("no tile " + name));
  }

  /** The sum of the counts in the titles of a chart's bars. */
  private static long rowsIn(String html, String heading) {
    String section = html.substring(html.indexOf("<h2>" + heading + "</h2>"));
    return Pattern.compile("([\\d,]+) rows</title>").matcher(section.substring(0, section.indexOf("</section>")))
        .results()
        .mapToLong(result -> Long.parseLong(result.group(1).replace(",", ""))).sum();
  }

  private static void assertDrawingsAreWellFormed(String html) {
    Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(html).results().map(MatchResult::group).forEach(svg -> {
      try {
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
      } catch (Exception e) {
        throw new AssertionError(svg, e);
      }
    });
  }

  @Test
  void pageOfAFile() throws IOException {
    Path targets = NpyWriter.ints(directory.resolve("t.npy"), new Random(3).ints(ROWS, 0, 50).toArray());
    Path logits = logits("a.npy", 1);
    String html = page("score", logits, "--targets", targets);
    JsonNode json = new ObjectMapper().readTree(Run.surprisal("score", logits, "--targets", targets, "--json").out());
    assertEquals(json, figures(html));
    assertEquals(json.path("perplexity").doubleValue(), Double.parseDouble(tile(html, "perplexity")), 5e-4);
    assertEquals(json.path("meanEntropy").doubleValue(), Double.parseDouble(tile(html, "mean entropy")), 5e-5);
    assertEquals(ROWS, rowsIn(html, "Negative log-likelihood"));
    assertEquals(ROWS, rowsIn(html, "Entropy"));
    assertTrue(html.contains("Calibration") && html.contains("Worst rows"));
    assertDrawingsAreWellFormed(html);
  }

  @Test
  void pageOfAFileWithoutTargets() throws IOException {
    String html = page("score", logits("a.npy", 1));
    assertEquals(ROWS, rowsIn(html, "Entropy"));
    assertFalse(html.contains("perplexity</div>") || html.contains("Calibration") || html.contains("NaN"), html);
  }

  @Test
  void rowsThatAreNoDistributionAreTheWorst() throws IOException {
    Path logits = NpyWriter.floats(directory.resolve("a.npy"), new float[][] {{0, 1}, {Float.NaN, 0}, {3, 0}});
    String html = page("score", logits, "--targets", NpyWriter.ints(directory.resolve("t.npy"), 0, 1, 1));
    int undefined = html.indexOf("<td>1</td><td>1</td><td>no distribution</td>");
    assertTrue(undefined > 0 && undefined < html.indexOf("<td>2</td><td>1</td><td>3.049</td>"), html);
    assertTrue(figures(html).path("accuracy").isNull(), "as every mean");
    assertFalse(html.contains("± NaN"), html);
  }

  @Test
  void pageOfAComparison() throws IOException {
    Path targets = NpyWriter.ints(directory.resolve("t.npy"), new Random(3).ints(ROWS, 0, 50).toArray());
    Path base = logits("base.npy", 1);
    Path other = logits("other.npy", 2);
    String html = page("compare", base, other, "--targets", targets);
    JsonNode json =
        new ObjectMapper().readTree(Run.surprisal("compare", base, other, "--targets", targets, "--json").out());
    assertEquals(json, figures(html));
    assertEquals(json.path("meanKl").doubleValue(), Double.parseDouble(tile(html, "mean KL")), 1e-3);
    assertEquals(json.path("perplexityRatio").doubleValue(), Double.parseDouble(tile(html, "perplexity ratio")), 1e-5);
    assertEquals(ROWS, rowsIn(html, "KL divergence"));
    assertEquals(ROWS, rowsIn(html, "Change of the target&#39;s probability"));
    assertDrawingsAreWellFormed(html);
  }

  @Test
  void pageOfAText() throws IOException {
    Path text = Files.writeString(directory.resolve("text.txt"), "The United States of zyzzyva & <b>fame</b>.");
    String html = page("demo", "--text", text);
    assertEquals(7, figures(html).path("words").intValue());
    assertEquals(figures(html).path("perplexity").doubleValue(), Double.parseDouble(tile(html, "perplexity")), 0.05);
    assertEquals(figures(html).path("words").intValue(),
        Pattern.compile("<span class=\"word").matcher(html).results().count());
    assertTrue(html.contains("<span class=\"word unknown\" tabindex=\"0\">zyzzyva<"), html);
    assertFalse(html.contains("<b>fame"), "text is escaped");
  }

  @Test
  void namesAreEscaped() throws IOException {
    assertTrue(page("score", logits("<i>&.npy", 1)).contains("<h1>&lt;i&gt;&amp;.npy</h1>"));
  }
}
