/** File formats of logits and targets, one class each. Everything is memory-mapped and checked before it is used. */
package dev.surprisal.cli.files;
