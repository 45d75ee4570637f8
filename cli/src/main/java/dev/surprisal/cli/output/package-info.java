/** What goes out: reports for people and as JSON, per-row files, progress. */
package dev.surprisal.cli.output;
