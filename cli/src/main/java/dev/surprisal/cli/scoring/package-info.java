/**
 * Goes over the rows of files block by block and sums up what the library says of them, in memory that does not grow.
 */
package dev.surprisal.cli.scoring;
