/** "I'm fine" and its kin are offered one truer sentence; everything else is left as it was written. */
import { describe, expect, test } from 'vitest';
import type { MoodPoint } from '../../../src/lib/care/check-in.ts';
import { notchFor, notchLanguage, type NotchLanguage } from '../../../src/lib/ui/notch.ts';

const english = notchLanguage();
const [rough, notOkay, apart] = [
  "It's been a rough day, but I'm hanging in there.",
  "Actually, I'm not doing okay.",
  "I'm falling apart."
];
const low: MoodPoint = { pleasantness: -40, energy: -20 };
const offered = (words: string, point: MoodPoint | null = null, language: NotchLanguage = english): string | null =>
  notchFor({ words, point, ...language });

describe('the English phrases', () => {
  test.each([
    "I'm fine",
    'I’m fine.',
    'im fine',
    'I`m FINE!!',
    '  i am   fine \n',
    '“Fine.”',
    'fine :)',
    'Fine 🙂',
    'good',
    'I feel good',
    'ok',
    'OK...',
    'Okay',
    "I'm okay, I guess",
    'all good',
    'it’s all good',
    'Everything is alright',
    "can't complain",
    'Cant complain',
    'I can’t complain, really',
    'not bad',
    'Not too bad, thanks',
    "I'm pretty good",
    'so so',
    'So-so.',
    'yeah, I’m doing well, thank you',
    'really, really fine',
    'Same as always'
  ])('%j is offered the first rung', (words) => {
    expect(offered(words)).toBe(rough);
    expect(offered(words, low)).toBe(rough);
  });

  test.each([
    '',
    '   ',
    '...',
    '🙂',
    'so',
    'really',
    'thanks',
    "I'm",
    "I'm not fine",
    'not good',
    'not so good',
    'not okay at all',
    'fine until four, then it all came back',
    "I'm fine with dying my hair green",
    'ok so today she called',
    'God',
    'finest',
    'Fine, and you?',
    'good grief',
    'bien'
  ])('%j is left alone', (words) => {
    expect(offered(words)).toBeNull();
  });

  test('a text as long as it may be is left alone, at once', () => {
    expect(offered("I'm fine. ".repeat(200))).toBeNull();
  });
});

describe('the ladder', () => {
  test('is the one that was agreed', () => {
    expect(english.ladder).toEqual([rough, notOkay, apart]);
  });

  test('goes one rung at a time, and ends', () => {
    expect(offered(rough)).toBe(notOkay);
    expect(offered(notOkay, low)).toBe(apart);
    expect(offered(apart)).toBeNull();
  });

  test('knows its own sentences with other apostrophes and without the full stop', () => {
    expect(offered('it’s been a rough day but i’m hanging in there')).toBe(notOkay);
  });

  test('stops where somebody has made the sentence theirs', () => {
    expect(offered("It's been a rough day, but I'm hanging in there. Call me?")).toBeNull();
  });

  test('no English sentence counts as a way to say "fine"', () => {
    const { ladder, ...rest } = english;
    for (const sentence of ladder) expect(offered(sentence, null, { ...rest, ladder: ['other'] })).toBeNull();
  });
});

describe('a point', () => {
  test.each([1, 40, 100])('that is pleasant (%i) is never offered anything', (pleasantness) => {
    for (const words of ['fine', rough]) expect(offered(words, { pleasantness, energy: 0 })).toBeNull();
  });

  test.each([0, -1, -100])('that is not (%i) is', (pleasantness) => {
    expect(offered('fine', { pleasantness, energy: 90 })).toBe(rough);
  });
});

test('another language brings its own phrases, accents and letters', () => {
  const spanish = { phrases: ['bien', 'ahí vamos'], openings: ['estoy'], smallWords: ['muy'], ladder: ['Cansada.'] };
  for (const words of ['Estoy bien', 'muy bien', 'AHI VAMOS']) expect(offered(words, null, spanish)).toBe('Cansada.');
  const arabic = { phrases: ['بخير'], openings: ['أنا'], smallWords: ['الحمد لله'], ladder: ['يوم ثقيل.'] };
  for (const words of ['بخير', 'أنا بخير', 'انا بِخَيْر، الحمد لله'])
    expect(offered(words, null, arabic)).toBe('يوم ثقيل.');
  expect(offered('fine', null, spanish)).toBeNull();
});
