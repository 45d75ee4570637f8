package dev.surprisal.kernel.vector;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;

/**
 * The copies of one loop, a copy for each source and variant, each made when it is first asked for.
 *
 * <p>The second implementation of a loop, in plain Java, has its place here: {@link #of} decides
 * which form a caller gets.
 *
 * <p>A record, because the compiler takes the fields of a record in a {@code static final} field for constants, as it
 * does not those of other classes: what is left of {@link #of} is an index and a load.
 *
 * @param <L> the contract of the loop, which callers see
 * @param lookup defines copies in the package of the loop
 * @param contract the class of L
 * @param template what is copied
 * @param variants how many there are for each source
 * @param copies those that have been made
 */
public record Loops<L>(
    MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, int variants, L[] copies) {
  @SuppressWarnings("unchecked") // an array of the contract is one of L
  private static <L> Loops<L> of(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, int variants) {
    L[] copies = (L[]) Array.newInstance(contract, Source.COUNT * variants);
    return new Loops<>(lookup, contract, template, variants, copies);
  }

  /**
   * The copies of a template, to be defined in the package of the lookup, for every source and
   * every constant of an enum.
   */
  public static <L> Loops<L> ofSources(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Class<? extends Enum<?>> variants) {
    return of(lookup, contract, template, variants.getEnumConstants().length);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source. */
  public static <L> Loops<L> ofSources(MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template) {
    return of(lookup, contract, template, 1);
  }

  /** The one copy of a template that reads arrays of floats, with some data of its own. */
  public static <L> L single(MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Object data) {
    return Specialized.of(lookup, contract, template, data);
  }

  /** The loop for a source and a variant; its class data is an array of the two. */
  public L of(Source source, Enum<?> variant) {
    int index = source.ordinal() * variants + variant.ordinal();
    L copy = copies[index];
    if (copy == null) {
      copy = Specialized.of(lookup, contract, template, new Object[] {source, variant});
      copies[index] = copy;
    }
    return copy;
  }

  /** The loop for a source, which is its class data. */
  public L of(Source source) {
    L copy = copies[source.ordinal()];
    if (copy == null) {
      copy = Specialized.of(lookup, contract, template, source);
      copies[source.ordinal()] = copy;
    }
    return copy;
  }
}
