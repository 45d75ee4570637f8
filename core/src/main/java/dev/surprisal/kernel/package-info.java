/**
 * Statistics of rows, one batch at a time. The map of this package and those below it:
 *
 * <pre>
 *   a call        Arguments: rows, targets, where results go; made by dev.surprisal, run by dev.surprisal.batch
 *   Statistic     one entry a statistic: what it takes, and how it is computed
 *   a reader      RowReader, PairReader, ProbabilityReader: which loops are run, and what again, for digits were lost
 *   Cursor        yields a row span by span, as it lies or decoded
 *   a loop        adds up a span, in float within a block, and leaves a slot of 16 lanes for each block; then double
 * </pre>
 *
 * <p>Who may know whom: each room those below it.
 *
 * <pre>
 *   kernel              Statistic, Arguments, ScoreColumns; Worker, what a thread computes with
 *   kernel.probability  rows of probabilities on the left side
 *   kernel.pair         two rows of logits
 *   kernel.row          one row of logits: its Moments, and what is written from them
 *   kernel.storage      where values lie, how a row is walked, the memory of a thread, the pieces of a long row
 *   kernel.loop         every loop: what it takes, what it leaves, and its two forms, in vectors and in plain Java
 *   kernel.vector       what the vector forms are made of: loaders, exponentials and logarithms; how a loop is copied
 *   kernel.scalar       the same for one number; lanes, and how a row is cut: nothing here needs vectors
 * </pre>
 *
 * <p>Vectors appear in {@code kernel.vector} and in the forms {@code Template} of loops only. The other form,
 * {@code Plain}, leaves the same bits, by the same operations in the same order. Callers get one of the two from
 * {@link dev.surprisal.kernel.vector.Loops}.
 *
 * <p>The sizes, all in {@link dev.surprisal.kernel.scalar.Sizes} but for the first and the last:
 *
 * <table>
 * <caption>How rows are cut</caption>
 * <tr><th>entries</th><th>name</th><th>what for</th></tr>
 * <tr><td>16</td><td>Lanes.WIDTH</td><td>the virtual vector: every sum has 16 lanes, on every processor</td></tr>
 * <tr><td>64</td><td>SHORT</td><td>rows up to here are read sixteen at a time, a lane a row</td></tr>
 * <tr><td>256</td><td>SMALL</td><td>of rows up to here the maximum is found first</td></tr>
 * <tr><td>128</td><td>CHUNK</td><td>summed in float, 8 terms a lane</td></tr>
 * <tr><td>512</td> <td>BLOCK</td> <td>the sums of 4 chunks, in float; what is done again where
 *     something is amiss</td></tr>
 * <tr><td>8,192</td><td>SPAN</td><td>what a loop reads at a time, and what is decoded at a time</td></tr>
 * <tr><td>65,536</td><td>PIECE</td><td>what threads take of one long row</td></tr>
 * <tr><td>65,536</td><td>Batch.CHUNK</td><td>what threads take of a batch of rows, in logits</td></tr>
 * </table>
 */
package dev.surprisal.kernel;
