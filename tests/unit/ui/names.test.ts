import { describe, expect, test } from 'vitest';
import { nameLengthMax } from '../../../src/lib/base/limits.ts';
import { m } from '../../../src/lib/i18n/messages.js';
import { inviteProblemSentence } from '../../../src/lib/ui/invite-sentences.ts';
import { listNames, plainName, rowNames, sentenceParts, shownName } from '../../../src/lib/ui/names.ts';
import { needsWords } from '../../../src/lib/ui/needs.ts';
import { checkInProblemSentence } from '../../../src/lib/ui/sentences.ts';

describe('a name somebody chose', () => {
  test('is shown on one line, without controls or direction marks', () => {
    expect(shownName('Ana\n\n\tMaria\u2028Jo')).toBe('Ana Maria Jo');
    expect(shownName('\u202Eevil\u202C\u2066x\u2069')).toBe('evilx');
    expect(shownName('A\u0000n\u001Ba\u007F')).toBe('Ana');
  });

  test('is "Someone" where nothing is left', () => {
    for (const empty of ['', '   ', '\n', '\u200B\u202E', '\uE000']) expect(shownName(empty)).toBe('Someone');
  });

  test('is clipped between letters as a reader counts them', () => {
    const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
    const clipped = shownName(family.repeat(40));
    expect(clipped.length).toBeLessThanOrEqual(nameLengthMax);
    expect(clipped.endsWith('…')).toBe(true);
    expect(clipped.slice(0, -1).length % family.length).toBe(0);
    expect(shownName('x'.repeat(nameLengthMax))).toBe('x'.repeat(nameLengthMax));
  });

  test('keeps scripts whole, and right-to-left names to themselves in plain text', () => {
    expect(shownName('یوسف')).toBe('یوسف');
    expect(plainName('يوسف')).toBe('\u2068يوسف\u2069');
    expect(plainName('Ana')).toBe('Ana');
  });
});

describe('a sentence with names in it', () => {
  const text = (parts: readonly { text: string }[]): string => parts.map((part) => part.text).join('');

  test('reads as one sentence', () => {
    const parts = sentenceParts((names) => m.delivery_reached({ names }), ['Ana', 'Jo', 'Mia']);
    expect(text(parts)).toBe(m.delivery_reached({ names: listNames(['Ana', 'Jo', 'Mia']) }));
    expect(parts.filter((part) => part.isName).map((part) => part.text)).toEqual(['Ana', 'Jo', 'Mia']);
  });

  test('never takes a piece of a name for a piece of itself', () => {
    const hostile = ['\uE0001\uE000', '{name}', '</bdi><script>', '0'];
    const parts = sentenceParts((names) => m.delivery_reached({ names }), hostile);
    expect(parts.filter((part) => part.isName).map((part) => part.text)).toEqual([
      '1',
      '{name}',
      '</bdi><script>',
      '0'
    ]);
    expect(text(parts)).toMatch(/^Reached .*\.$/);
  });

  test('says connections as a plain row', () => {
    expect(text(sentenceParts((names) => m.circle_connected({ names }), ['Ana', 'Jo'], rowNames))).toBe(
      'Connected to Ana, Jo'
    );
    expect(text(sentenceParts((names) => m.circle_connected({ names }), ['Ana', 'Jo', 'Mia'], rowNames))).toBe(
      'Connected to Ana, Jo, Mia'
    );
  });
});

test('every code has its sentence', () => {
  expect(checkInProblemSentence({ type: 'WordsTooLong', lengthMax: 2000 })).toContain('all still here');
  expect(checkInProblemSentence({ type: 'NotACheckIn' })).toContain('still here');
  expect(inviteProblemSentence('used')).toBe('This link has been used. Ask for a new one; it takes a second.');
  expect(needsWords(['ed25519', 'x25519'])).toBe('Ed25519 signatures and X25519 keys');
});
