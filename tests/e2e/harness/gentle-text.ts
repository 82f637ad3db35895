/**
 * What no screen of Shoulder may say: counts, streaks, likes, scores, "typing", "seen", "read", "late" (PRODUCT,
 * principles 1 and 4), as a checker over all text of a page.
 *
 * All text is looked at, also what only a screen reader hears, what is folded away, and what a style sheet writes. What a
 * person wrote is theirs and is taken out first. Numbers may stand only in times, dates, addresses, in the room left
 * for letters, and where they say how many devices somebody has or what a majority still takes.
 */
import { expect, type Page } from '@playwright/test';

/** A piece of text that has no place in Shoulder. */
export interface Harsh {
  /** Which rule, by name. */
  readonly rule: string;
  readonly text: string;
}

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  /** Planted on a page, this must be found. */
  readonly example: string;
}

const numberWords = 'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|several|many|a few';
const countable =
  'friends|people|members|others|replies|answers|comments|gestures|reactions|check-ins|messages|letters';

export const rules: readonly Rule[] = [
  { name: 'a number', pattern: /\p{Nd}/u, example: '3 replies' },
  {
    name: 'a count in words',
    pattern: new RegExp(
      `\\b(${numberWords}) (new |other |more )?(${countable})\\b|\\b(and|&) (${numberWords}) (more|others)\\b`,
      'i'
    ),
    example: 'Bob and three others are sitting with you.'
  },
  { name: 'likes', pattern: /(?<!\b(would|would you) )\blik(e|es|ed)\b/i, example: 'Bob likes this' },
  {
    name: 'somebody is typing',
    pattern: /\btyping\b|\b(is|are) writing\b/i,
    example: 'Bob is typing …'
  },
  { name: 'seen', pattern: /\bseen\b|\bviewed\b|\bviews?\b/i, example: 'Seen by Bob' },
  {
    name: 'a read receipt',
    pattern:
      /^read\b(?! on\b| these six words\b)|\bunread\b|\bread (by|at)\b|\b(has|have|was|were|hasn't|haven't|already) (been )?(read|opened)\b/i,
    example: 'Bob has read this'
  },
  {
    name: 'when somebody was there',
    pattern: /\b(last|recently) (here|active|online|opened)\b|\bactive (now|today|since)\b|\bonline (now|since|for)\b/i,
    example: 'Last active yesterday'
  },
  {
    name: 'late',
    pattern: /\b(late|overdue|delayed|behind|missed|missing|ignored|inactive|forgot|forgotten)\b/i,
    example: 'Mia is late'
  },
  {
    name: 'a silence that is held against somebody',
    pattern:
      /\b(silent|quiet|absent) (for|since)\b|\b(has|have) been (away|gone) (for|since)\b|\b(hasn't|haven't|not) (checked in|written|answered) (for|since|yet)\b/i,
    example: 'Mia has been quiet for a week'
  },
  {
    name: 'a streak',
    pattern: /\bstreaks?\b|\bin a row\b|\bconsecutive\b|\bevery day\b/i,
    example: 'Keep your streak'
  },
  {
    name: 'a score',
    pattern: /\b(scores?|points|levels?|rank(s|ed|ing)?|badges?|goals?|progress|average|total|best|leaderboard)\b|%/i,
    example: 'Your best mood so far'
  },
  {
    name: 'popularity',
    pattern: /\b(popular|trending|followers?|most (loved|answered|active))\b/i,
    example: 'Most answered today'
  },
  {
    name: 'a nudge to come back',
    pattern: /\bnotifications?\b|\bnew (messages?|activity)\b|\b(don't|do not) forget\b|\bwe miss(ed)? you\b/i,
    example: 'New activity in your circle'
  }
];

/** Sentences that a rule would find and that say something else. Each stands in the catalogue word for word. */
const allowed: readonly string[] = [
  // What cannot be unsaid, said by whoever takes it back: nobody's reading is told.
  'Someone may have read it already.',
  // Meanings of the words "ashamed" and "sad".
  'wishing not to be seen',
  'something is missing or lost',
  // How many a circle is for, before there is one.
  'Two to twelve people who trust each other.'
];

/** Where a number is no count. */
const numbersAllowed: readonly RegExp[] = [
  /\bhttps?:\/\/\S+/g,
  // Keys by their name, where a browser lacks them.
  /\b(Ed|X)25519\b/g,
  // How much room or memory something takes.
  /\b\d+(\.\d+)? (KB|MB|GB)\b/g,
  /\b\d{1,2}:\d{2}( [AP]M)?\b/g,
  /\b\d{1,2} (minutes?|hours?|days?|weeks?|months?) ago\b/g,
  /\b(January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b/g,
  /^Room for \d+ more letters\.$/,
  /^\d+ letters too long\. It is all still here\.$/,
  // What somebody's own devices are, and what a majority still takes: neither is a measure of anybody.
  /\b\d+ (phones|tablets|laptops|computers|devices)\b/,
  /\b\d+ more (are needed|of you have to say so)\b/
];

/** What is harsh among these lines. `written`: what people wrote, word for word. */
export const findHarsh = (lines: readonly string[], written: readonly string[] = []): Harsh[] =>
  lines.flatMap((line) => {
    const ours = withoutTheirs(line, written);
    const counted = numbersAllowed.reduce((text, pattern) => text.replace(pattern, '…'), ours);
    return rules
      .filter(({ name, pattern }) => pattern.test(name === 'a number' ? counted : ours))
      .map(({ name }) => ({ rule: name, text: line }));
  });

/** Expects that nothing on this page, seen or heard, is harsh, and that there was something to look at. */
export const expectGentle = async (page: Page, screen: string, written: readonly string[] = []): Promise<void> => {
  const lines = await allText(page);
  expect(lines.length, screen).toBeGreaterThan(3);
  expect(findHarsh(lines, written), screen).toEqual([]);
};

/** All text of a page, line by line: its title, what is shown, heard, folded away, or written by a style sheet. */
export const allText = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const edge = '\n';
    const spoken = [
      'aria-label',
      'aria-description',
      'aria-valuetext',
      'aria-roledescription',
      'aria-placeholder',
      'title',
      'alt',
      'placeholder',
      'label'
    ];
    const unread = 'script, style, template, noscript, textarea';
    const controls = 'button, a, input, select, option, li, summary, [role]';
    const attributes: string[] = [];
    const generated = (element: Element, part: '::before' | '::after'): string => {
      const { content } = getComputedStyle(element, part);
      return /^["']/.test(content) ? content.slice(1, -1) : '';
    };
    const walk = (node: Node): string => {
      if (node instanceof Text) return node.data.replaceAll(/\s+/g, ' ');
      if (!(node instanceof Element)) return '';
      attributes.push(...spoken.map((name) => node.getAttribute(name) ?? ''));
      if (node instanceof HTMLInputElement && ['button', 'submit', 'reset'].includes(node.type))
        attributes.push(node.value);
      if (node.matches('progress, meter, [role=progressbar], [role=meter]')) attributes.push('progress');
      if (node.matches(unread)) return '';
      const inside = generated(node, '::before') + [...node.childNodes].map(walk).join('') + generated(node, '::after');
      const together = getComputedStyle(node).display === 'inline' && !node.matches(controls);
      return together ? inside : edge + inside + edge;
    };
    const shown = walk(document.body);
    return [document.title, ...shown.split(edge), ...attributes]
      .map((line) => line.trim())
      .filter((line) => line !== '');
  });

/** A line without what people wrote in it and without the sentences that are allowed. */
const withoutTheirs = (line: string, written: readonly string[]): string => {
  const theirs = written.map((words) => words.replaceAll(/\s+/g, ' ').trim()).toSorted((a, b) => b.length - a.length);
  if (theirs.includes(line)) return '';
  // A single word is theirs only where it stands alone; inside one of our sentences it is ours.
  const sentences = [...theirs.filter((words) => words.includes(' ')), ...allowed];
  return sentences.reduce((text, sentence) => text.replaceAll(sentence, '…'), line).trim();
};
