/**
 * Somebody's words in Markdown (CommonMark 0.31), so that they read as they were typed, both in the file itself and shown by a
 * program: a backslash only where a letter would mean something else, and a line break wherever there was one.
 */

/** One line of text, such as a name, fit to stand anywhere in a line. */
export const escapeLine = (text: string): string => escapeInline(text.replaceAll(lineBreaks, ' '));

/** Words as a quotation, each line with its mark; nothing for no words. `indent` goes in front of every line. */
export const quoteWords = (words: string, indent = ''): string =>
  words === ''
    ? ''
    : words
        .split(lineBreaks)
        .map((line, i, all) => quoteLine(line, i === all.length - 1, indent))
        .join('');

const quoteLine = (line: string, isLast: boolean, indent: string): string => {
  if (line.trim() === '') return `${indent}>\n`;
  // Two blanks at the end break the line; they are seen nowhere.
  return `${indent}> ${escapeBeginning(escapeInline(line))}${isLast ? '' : '  '}\n`;
};

/** `\` `` ` `` `*` `_` `[` `]` `<` `~` mean something anywhere, `&` only as the beginning of an entity. */
const escapeInline = (text: string): string =>
  text
    .replaceAll('\0', '\uFFFD')
    .replaceAll(/[\\`*_[\]<~]/g, (letter) => `\\${letter}`)
    .replaceAll(/&(?=#?\w+;)/g, '\\&');

/** What would begin a heading, a list, a quotation or a line across; blanks in front stay blanks that nothing takes away. */
const escapeBeginning = (line: string): string =>
  line
    .replace(/^[ \t]+/, (blanks) => '\u00A0'.repeat(blanks.replaceAll('\t', '    ').length))
    .replace(/^(\u00A0*)([#>+=|:-])/, '$1\\$2')
    .replace(/^(\u00A0*\d+)([.)])/, '$1\\$2');

/** Line breaks of every kind there is in Unicode. */
const lineBreaks = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
