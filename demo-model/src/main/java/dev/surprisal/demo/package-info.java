/**
 * A real language model of English, small enough to come with the build: a text goes in, rows of next-word logits come
 * out. The command-line demonstration scores them, and the benchmarks measure on them.
 */
package dev.surprisal.demo;
