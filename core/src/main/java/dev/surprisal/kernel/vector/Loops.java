package dev.surprisal.kernel.vector;

import dev.surprisal.kernel.scalar.Source;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;

/**
 * The copies of one loop, a copy for each source and variant, each made when it is first asked for: in vectors, or in
 * plain Java where vectors cannot be had. Both forms leave the same bits.
 *
 * <p>A record, because the compiler takes the fields of a record in a {@code static final} field for constants, as it
 * does not those of other classes: what is left of {@link #of} is an index and a load.
 *
 * @param <L> the contract of the loop, which callers see
 * @param lookup defines copies in the package of the loop
 * @param contract the class of L
 * @param template the vector form, which is copied
 * @param plain makes the plain form
 * @param variants how many there are for each source
 * @param copies those that have been made
 */
public record Loops<L>(
    MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain, int variants,
    L[] copies) {
  /** Makes the plain form of a loop. No lambda, which would cost the first row of a process milliseconds. */
  public interface Plain<L> {
    /** The form for a source and a variant, null if there are no variants. */
    L of(Source source, Enum<?> variant);
  }

  /** Whether loops are vectors; set before the first of them is made. */
  private static boolean vectors = true;

  /** Has all loops be plain Java from now on. */
  public static void usePlain() {
    vectors = false;
  }

  @SuppressWarnings("unchecked") // an array of the contract is one of L
  private static <L> Loops<L> of(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain, int variants) {
    L[] copies = (L[]) Array.newInstance(contract, Source.COUNT * variants);
    return new Loops<>(lookup, contract, template, plain, variants, copies);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source and every variant. */
  public static <L> Loops<L> of(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain,
      Enum<?>[] variants) {
    return of(lookup, contract, template, plain, variants.length);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source. */
  public static <L> Loops<L> of(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain) {
    return of(lookup, contract, template, plain, 1);
  }

  /** The loop for a source and a variant; its class data is an array of the two. */
  public L of(Source source, Enum<?> variant) {
    int index = source.ordinal() * variants + variant.ordinal();
    L copy = copies[index];
    return copy != null ? copy : make(index, source, variant);
  }

  /** The loop for a source, which is its class data. */
  public L of(Source source) {
    L copy = copies[source.ordinal()];
    return copy != null ? copy : make(source.ordinal(), source, null);
  }

  /** The loop of which there is one, over arrays of floats. */
  public L only() {
    return of(Source.F32_ARRAY);
  }

  private L make(int index, Source source, Enum<?> variant) {
    L copy = vectors ? inVectors(source, variant) : inPlainJava(source, variant);
    copies[index] = copy;
    return copy;
  }

  /** Makes the vector form for a source, and a variant or null. */
  public L inVectors(Source source, Enum<?> variant) {
    return Specialized.of(lookup, contract, template, variant == null ? source : new Object[] {source, variant});
  }

  /** Makes the plain form for a source, and a variant or null. */
  public L inPlainJava(Source source, Enum<?> variant) {
    return plain.of(source, variant);
  }
}
