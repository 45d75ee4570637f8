/** The demonstration: an English text scored word by word with a real language model, as a table and as a page. */
package dev.surprisal.cli.demo;
