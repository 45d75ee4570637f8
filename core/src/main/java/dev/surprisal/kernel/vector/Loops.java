package dev.surprisal.kernel.vector;

import dev.surprisal.kernel.scalar.Source;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * The copies of one loop, a copy for each source and variant, each made when it is first asked for: in vectors or in
 * plain Java. Both forms leave the same bits, so one may take the place of the other at any time.
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
public record Loops<L extends Rehearsed>(
    MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain, int variants,
    L[] copies) {
  /** Makes the plain form of a loop. No lambda, which would cost the first row of a process milliseconds. */
  public interface Plain<L> {
    /** The form for a source and a variant, null if there are no variants. */
    L of(Source source, Enum<?> variant);
  }

  /** Which forms there are in this process. */
  public enum Forms {
    /** Plain Java. */
    PLAIN,
    /** Vectors, compiled or not. */
    VECTORS,
    /** Plain Java, until the vectors are compiled. */
    PLAIN_THEN_VECTORS
  }

  private static final List<String> IN_VECTORS = new ArrayList<>();

  /** Set before the first loop is made. */
  private static Forms forms = Forms.VECTORS;

  /** Chooses the forms of all loops that are made from now on. */
  public static void use(Forms wanted) {
    forms = wanted;
  }

  /** The forms of loops that are made from now on. */
  public static Forms forms() {
    return forms;
  }

  /** The names of loops that are vectors by now. */
  public static List<String> inVectors() {
    synchronized (IN_VECTORS) {
      return List.copyOf(IN_VECTORS);
    }
  }

  /** Waits until all loops that were asked for are in their last form. */
  public static void await() throws InterruptedException {
    Rehearsals.await();
  }

  @SuppressWarnings("unchecked") // an array of the contract is one of L
  private static <L extends Rehearsed> Loops<L> of(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain, int variants) {
    L[] copies = (L[]) Array.newInstance(contract, Source.COUNT * variants);
    return new Loops<>(lookup, contract, template, plain, variants, copies);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source and every variant. */
  public static <L extends Rehearsed> Loops<L> of(
      MethodHandles.Lookup lookup, Class<L> contract, Class<? extends L> template, Plain<L> plain,
      Enum<?>[] variants) {
    return of(lookup, contract, template, plain, variants.length);
  }

  /** The copies of a template, to be defined in the package of the lookup, for every source. */
  public static <L extends Rehearsed> Loops<L> of(
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
    synchronized (copies) {
      if (copies[index] != null) {
        return copies[index];
      }
      if (forms == Forms.VECTORS) {
        put(index, source, variant, inVectors(source, variant));
        return copies[index];
      }
      L copy = inPlainJava(source, variant);
      copies[index] = copy;
      if (forms == Forms.PLAIN_THEN_VECTORS) {
        Rehearsals.add(understudy(copy, index, source, variant));
      }
      return copy;
    }
  }

  private Rehearsals.Understudy understudy(L copy, int index, Source source, Enum<?> variant) {
    return new Rehearsals.Understudy() {
      private L vectors;

      @Override
      public Rehearsal ofPlain() {
        return copy.rehearsal(source);
      }

      @Override
      public Rehearsal ofVectors() {
        vectors = inVectors(source, variant);
        return vectors.rehearsal(source);
      }

      @Override
      public void takeOver() {
        put(index, source, variant, vectors);
      }
    };
  }

  /** Makes a vector form the one that computes. */
  private void put(int index, Source source, Enum<?> variant, L vectors) {
    copies[index] = vectors;
    synchronized (IN_VECTORS) {
      IN_VECTORS.add(contract.getSimpleName() + " of " + source + (variant == null ? "" : ", " + variant));
    }
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
