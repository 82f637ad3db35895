/** A check-in that leaves as plain sentences: all of what was chosen, nothing else, own words to the letter. */
import { describe, expect, test } from 'vitest';
import { emptyCheckIn, helps, type CheckIn } from '../../../src/lib/care/check-in.ts';
import { partsOf, readableCheckIn, readableParts } from '../../../src/lib/ui/readable-check-in.ts';

const whole = (checkIn: Partial<CheckIn>): string => readableCheckIn({ ...emptyCheckIn, ...checkIn }, readableParts);
const point = { pleasantness: -50, energy: -50 };
const full: CheckIn = {
  point,
  feelings: ['worn out', 'hopeful'],
  words: 'A rough week. I keep saying it is fine.',
  help: 'be-near'
};

describe('everything that was said', () => {
  test('reads as a person would write it', () => {
    expect(whole(full)).toBe(
      'I feel worn out and hopeful.\n\nA rough week. I keep saying it is fine.\n\nIt would help to have you near.'
    );
  });

  test('one feeling is a sentence too', () => {
    expect(whole({ feelings: ['like wet sand'] })).toBe('I feel like wet sand.');
  });

  test('without feeling words the place on the field stands for them', () => {
    expect(whole({ point })).toBe('How it feels: rather unpleasant, low energy.');
  });

  test.each([
    'She said "go", so I “went”. It’s <b>not</b> {fine} & \\n',
    '  two lines\n\n\nand a gap  ',
    '\u202Eturned around',
    '👩‍👩‍👧'
  ])('own words are kept exactly: %j', (words) => {
    expect(whole({ words })).toBe(words);
  });

  test('words that run the other way stay a paragraph of their own, and feelings keep to themselves', () => {
    const words = 'تعبت قليلاً، لكن القهوة معكم تكفي.';
    expect(whole({ feelings: ['متعب', 'hopeful'], words, help: 'hear-me' }).split('\n\n')).toEqual([
      'I feel \u2068متعب\u2069 and hopeful.',
      words,
      'It would help to be heard.'
    ]);
  });

  test('each way to help has a sentence', () => {
    const sentences = helps.map((help) => whole({ words: 'x', help }).split('\n\n')[1]);
    expect(new Set(sentences).size).toBe(helps.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe('little that was said', () => {
  test('nothing at all is "I don\'t know", a full answer', () => {
    expect(whole({})).toBe("I don't know how I am. No words today.");
    expect(whole({ words: ' \n ' })).toBe("I don't know how I am. No words today.");
  });

  test('words without a place on the field say nothing about not knowing', () => {
    expect(whole({ words: 'The scan is Thursday.' })).toBe('The scan is Thursday.');
  });
});

describe('what is left out', () => {
  test('only what there is can be chosen', () => {
    expect(partsOf(full)).toEqual(['feelings', 'words', 'help']);
    expect(partsOf({ ...emptyCheckIn, words: 'x' })).toEqual(['words']);
    expect(partsOf(emptyCheckIn)).toEqual(['feelings']);
  });

  test('stays out, and the rest is as it was', () => {
    expect(readableCheckIn(full, ['words'])).toBe(full.words);
    expect(readableCheckIn(full, ['help', 'feelings'])).toBe(
      'I feel worn out and hopeful.\n\nIt would help to have you near.'
    );
  });

  test('feelings that are left out do not come back as a place on the field', () => {
    expect(readableCheckIn(full, ['words', 'help'])).not.toMatch(/worn|hopeful|unpleasant|energy/);
  });

  test('without anything chosen there is nothing', () => {
    expect(readableCheckIn(full, [])).toBe('');
  });
});
