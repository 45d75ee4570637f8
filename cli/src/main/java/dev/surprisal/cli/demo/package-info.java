/** A real language model that scores English text word by word. */
package dev.surprisal.cli.demo;
