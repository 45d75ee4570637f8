/** Self-contained pages with charts. */
package dev.surprisal.cli.html;
