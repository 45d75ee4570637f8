/**
 * Entropy, cross-entropy, Kullback-Leibler divergence and their relatives over batches of rows of logits or
 * probabilities, with kernels on the Java Vector API.
 *
 * <p>Start Java with {@code --add-modules=jdk.incubator.vector}. Without that flag everything works in plain Java, with
 * the same bits.
 */
module dev.surprisal {
  requires static jdk.incubator.vector;

  exports dev.surprisal;
  exports dev.surprisal.reference;
}
