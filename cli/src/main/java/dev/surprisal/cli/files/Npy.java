package dev.surprisal.cli.files;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's {@code .npy} file, versions 1.0 to 3.0: one array behind a header that is a Python dictionary.
 *
 * <pre>
 * 0   0x93 N U M P Y
 * 6   major, minor version
 * 8   length of the header: 2 bytes in version 1, 4 bytes after; little-endian
 * ..  {'descr': '&lt;f4', 'fortran_order': False, 'shape': (8, 32000), }, padded with spaces
 * ..  the elements
 * </pre>
 */
final class Npy implements Format {
  private static final String MAGIC = "\u0093NUMPY";
  private static final int VERSION = 6;
  private static final int HEADER_LENGTH = 8;
  private static final int LONGEST_HEADER = 1 << 20;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d\\s,]*)\\)");
  private static final Map<String, ElementType> TYPES = Map.of("<f2", ElementType.F16, "<f4", ElementType.F32,
      "<f8", ElementType.F64, "<i4", ElementType.I32, "<i8", ElementType.I64);

  @Override
  public boolean recognises(InputFile file) throws BadInputException {
    return file.hasAt(0, MAGIC);
  }

  @Override
  public List<Tensor> tensors(InputFile file) throws BadInputException {
    file.require(HEADER_LENGTH + 2, "the .npy header");
    int versionAndLength = file.intAt(VERSION);
    int major = versionAndLength & 0xFF;
    if (major < 1 || major > 3) {
      throw file.broken(VERSION, ".npy version " + major + ", expected 1, 2 or 3");
    }
    long start = HEADER_LENGTH + (major == 1 ? 2 : 4);
    file.require(start, "the .npy header");
    long length = major == 1 ? versionAndLength >>> 16 : Integer.toUnsignedLong(file.intAt(HEADER_LENGTH));
    if (length > LONGEST_HEADER) {
      throw file.broken(HEADER_LENGTH, "a header of " + length + " bytes, expected at most " + LONGEST_HEADER);
    }
    file.require(start + length, "the .npy header");
    return List.of(tensor(file, file.textAt(start, (int) length, StandardCharsets.UTF_8), start, start + length));
  }

  private static Tensor tensor(InputFile file, String header, long start, long data) throws BadInputException {
    String descr = field(file, header, start, DESCR, "'descr' with a plain type such as '<f4'");
    ElementType type = TYPES.get(descr);
    if (type == null) {
      throw file.broken(start,
          "elements of type '" + descr + "', expected little-endian '<f2', '<f4' or '<f8' for logits,"
              + " '<i4' or '<i8' for targets");
    }
    if (field(file, header, start, ORDER, "'fortran_order'").equals("True")) {
      throw file.broken(start, "the array is in Fortran order, expected C order");
    }
    Tensor tensor = new Tensor("", descr, type, shape(file, header, start), data);
    Format.requireBytes(file, tensor, file.size() - data);
    return tensor;
  }

  private static List<Long> shape(InputFile file, String header, long start) throws BadInputException {
    List<Long> shape = new ArrayList<>();
    String text = field(file, header, start, SHAPE, "'shape'");
    for (String dimension : text.split(",")) {
      if (!dimension.isBlank()) {
        try {
          shape.add(Long.parseLong(dimension.strip()));
        } catch (NumberFormatException _) {
          throw file.broken(start, "shape (" + text + ") is not a list of sizes");
        }
      }
    }
    return shape;
  }

  private static String field(InputFile file, String header, long start, Pattern pattern, String what)
      throws BadInputException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw file.broken(start, "the header has no " + what + ": " + header.strip());
    }
    return matcher.group(1);
  }
}
