package dev.surprisal.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Figures as JSON, which has no number for them all: NaN becomes null, and infinity the text "Infinity". */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory().disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

  private Json() {}

  /** Writes objects, one a line. */
  static JsonGenerator generator(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out).setPrettyPrinter(new MinimalPrettyPrinter("\n"));
  }

  static void write(JsonGenerator json, Number value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Double d when Double.isNaN(d) -> json.writeNull();
      case Double d when Double.isInfinite(d) -> json.writeString(d.toString());
      case Double d -> json.writeNumber(d);
      case Float f when Float.isNaN(f) -> json.writeNull();
      case Float f when Float.isInfinite(f) -> json.writeString(f.toString());
      case Float f -> json.writeNumber(f);
      default -> json.writeNumber(value.longValue());
    }
  }

  /**
   * One object, a figure a line.
   *
   * @param figures the figures by name
   * @return its text
   */
  public static String object(Map<String, Number> figures) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      for (Map.Entry<String, Number> figure : figures.entrySet()) {
        json.writeFieldName(figure.getKey());
        write(json, figure.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
