/** The demonstration: an English text scored word by word with a real language model, as a table. */
package dev.surprisal.cli.demo;
