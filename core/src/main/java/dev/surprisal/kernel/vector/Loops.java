package dev.surprisal.kernel.vector;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;

/**
 * The copies of one loop, a copy for each source and variant, each made when it is first asked for.
 *
 * <p>The second implementation of a loop, in plain Java, has its place here: {@link #of} decides which form a caller gets.
 *
 * @param <L> the contract of the loop, which callers see
 */
public final class Loops<L> {
  private final MethodHandles.Lookup lookup;
  private final Class<L> contract;
  private final Class<? extends L> template;
  private final int variants;
  private final L[] copies;

  @SuppressWarnings("unchecked") // an array of the contract is one of L
  private Loops(MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, int sources, int variants) {
    this.lookup = lookup;
    this.contract = contract;
    this.template = template;
    this.variants = variants;
    this.copies = (L[]) Array.newInstance(contract, sources * variants);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source and every constant of an enum. */
  public static <L> Loops<L> ofSources(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Class<? extends Enum<?>> variants) {
    return new Loops<>(lookup, contract, template, Source.COUNT, variants.getEnumConstants().length);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source. */
  public static <L> Loops<L> ofSources(MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template) {
    return new Loops<>(lookup, contract, template, Source.COUNT, 1);
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
