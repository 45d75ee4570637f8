/** The commands, one class each: what they take from the command line and in which order things happen. */
package dev.surprisal.cli.command;
