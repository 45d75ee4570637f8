/** File formats of logits and targets, one class each. Every length is checked before it is used. */
package dev.surprisal.cli.files;
