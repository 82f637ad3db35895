/** Words as they come out of a readable copy: in Markdown and in a table, however awkward they are. */
import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../../src/lib/app/export/csv.ts';
import { fileNames } from '../../../../src/lib/app/export/export-name.ts';
import { escapeLine, quoteWords } from '../../../../src/lib/app/export/markdown-text.ts';
import { SortedPieces } from '../../../../src/lib/app/export/sorted-pieces.ts';

/** Backslashes and quotation marks taken away again: what a Markdown program shows. */
const shown = (markdown: string): string =>
  markdown
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^ *> ?/, '').replace(/ {2}$/, ''))
    .join('\n')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('\u00A0', ' ');

const awkward: Readonly<Record<string, string>> = {
  'two thousand letters': 'ä'.repeat(2000),
  'right to left': 'אני לא בסדר היום.\nאבל אני כאן.',
  Arabic: 'لست بخير اليوم، لكنني هنا.',
  'an override that turns a line around': 'I am \u202Efine\u202C.',
  emoji: '👩‍👩‍👧‍👦 🏳️‍🌈 😭',
  'line breaks': 'one\n\n\ntwo\nthree',
  'a list': '- milk\n* bread\n+ eggs\n1. sleep\n2) cry',
  'a heading': '# Not a heading\n## Nor this\n===\n---\nfoo\n***',
  'a quotation': '> someone said\n>> something',
  markup: '<script>alert(1)</script> <b>bold</b> &amp; &#65; & ampersand',
  emphasis: '*not* _emphasis_ **at all** ~~gone~~ `code` snake_case',
  links: '[a](http://example.org) ![b](c) <http://example.org>',
  'a code block': '    four blanks\n\ttab\n```\nfence\n```',
  backslashes: 'C:\\Users\\ana \\* \\\\',
  tables: '| a | b |\n| - | - |'
};

describe('Markdown', () => {
  test.each(Object.entries(awkward))('shows %s as it was typed', (_, words) => {
    const quoted = quoteWords(words);
    expect(shown(quoted).replaceAll('\t', '    ')).toBe(words.replaceAll('\t', '    '));
    for (const line of quoted.split('\n').slice(0, -1)) expect(line).toMatch(/^>/);
  });

  test('no letter is left that would mean something', () => {
    for (const words of Object.values(awkward)) {
      const open = quoteWords(words).replaceAll(/\\[!-/:-@[-`{-~]/g, 'x');
      expect(open).not.toMatch(/[`*_<~[\]\\]/);
      expect(open).not.toMatch(/^> \u00A0*([#>+=|:-]|\d+[.)])/m);
      expect(open).not.toMatch(/&#?\w+;/);
    }
  });

  test('every kind of line break is one, and words that are plain have no backslash', () => {
    expect(quoteWords('a\r\nb\rc\u2028d\u2029e\u0085f\vg')).toBe('> a  \n> b  \n> c  \n> d  \n> e  \n> f  \n> g\n');
    expect(quoteWords("It's been a rough day - but I'm here (mostly). 5 + 3 = 8!")).toBe(
      "> It's been a rough day - but I'm here (mostly). 5 + 3 = 8!\n"
    );
    expect(quoteWords('')).toBe('');
    expect(quoteWords('in\n\nside', '  ')).toBe('  > in  \n  >\n  > side\n');
  });

  test('a name stays on its line', () => {
    expect(escapeLine('Bo\n# Mia *x*')).toBe('Bo # Mia \\*x\\*');
  });
});

describe('a table', () => {
  /** RFC 4180, read back: what a program finds in the cells. */
  const cellsOf = (text: string): string[][] => {
    const rows: string[][] = [];
    for (const [row] of text.matchAll(/(?:"(?:[^"]|"")*"|[^"\r\n])*\r\n/g))
      rows.push(
        [...row.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
          ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''
        )
      );
    return rows;
  };
  const withoutMark = (cell: string): string => cell.replace(/^'/, '');

  test.each([
    ...Object.entries(awkward),
    ['quotes and commas', 'She said "no", and left, "really"'],
    ['a comma only', ','],
    ['nothing', ''],
    ['a quote only', '"'],
    ['all line breaks', 'a\r\nb\nc\rd']
  ])('holds %s', (_, words) => {
    const [[before, cell, after] = []] = cellsOf(csvLine([1, words, 'x']));
    expect([before, withoutMark(cell ?? ''), after]).toEqual(['1', words, 'x']);
  });

  test.each([
    '=1+1',
    '+49 30',
    '-2',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =HYPERLINK("x")',
    '\u200B=1',
    '＝1',
    '\n@x',
    "'=1",
    "'tis"
  ])('runs nothing that begins like %j, and one apostrophe less is what was written', (words) => {
    const [[cell] = []] = cellsOf(csvLine([words]));
    expect(cell).toBe(`'${words}`);
  });

  test.each(['I said -2', 'fine ;-)', 'a=b', 'x@y', '5 + 3', '…', '– a dash'])('leaves %j alone', (words) => {
    expect(cellsOf(csvLine([words]))).toEqual([[words]]);
  });

  test('a number is a number, below zero too, and nothing is nothing', () => {
    expect(csvLine([-40, null, 'a'])).toBe('-40,,a\r\n');
  });
});

test('file names that every disk takes, two of one name apart', () => {
  expect(fileNames(['Us', 'Us', 'a/b\\c:d*e?f"g<h>i|j', '...', '\u202Eevil', 'שלום', '👭.'])).toEqual([
    '1 Us',
    '2 Us',
    '3 a b c d e f g h i j',
    '4',
    '5 evil',
    '6 שלום',
    '7 👭'
  ]);
});

test('pieces come in the order of their dates, those of one date as they came, across chunks', async () => {
  const pieces = new SortedPieces();
  const long = 'x'.repeat(100_000);
  for (const [atMs, text] of [
    [5, `e${long}`],
    [1, 'ä'],
    [3, `c1${long}`],
    [3, `c2${long}`],
    [2, 'b'],
    [4, 'd']
  ] as const)
    pieces.add(atMs, text);
  const text = await new Blob(pieces.inOrder((atMs, lastMs) => `[${lastMs}>${atMs}]`)).text();
  expect(text.replaceAll(/x+/g, '')).toBe('[null>1]ä[1>2]b[2>3]c1[3>3]c2[3>4]d[4>5]e');
  expect(text).toHaveLength(300_000 + text.replaceAll(/x+/g, '').length);
});
