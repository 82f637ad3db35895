import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feelingLengthMax, feelingsMax } from '../../../src/lib/base/limits.ts';
import { feelings } from '../../../src/lib/care/feelings.ts';
import { feelingMeaning, findFeelings } from '../../../src/lib/ui/feeling-list.ts';
import {
  feelingWord,
  nearestFeelings,
  nextShownFeelings,
  toggleFeeling,
  type ShownFeelings
} from '../../../src/lib/ui/feeling-words.ts';

const at = (pleasantness: number, energy: number) => ({ pleasantness, energy });
const axis = fc.integer({ min: -100, max: 100 });

test('every word of the list reads as its id in English, with a line of its own; others as they were written', () => {
  for (const { id } of feelings) expect(feelingWord(id)).toBe(id);
  expect(new Set(feelings.map(({ id }) => feelingMeaning(id))).size).toBe(feelings.length);
  for (const own of ['saudade', 'toString', '__proto__', ' x ']) {
    expect(feelingWord(own)).toBe(own);
    expect(feelingMeaning(own)).toBe('your own word');
  }
});

test('at its own place each word is the nearest, and all are there', () => {
  for (const { id, pleasantness, energy } of feelings) {
    const nearest = nearestFeelings(at(pleasantness, energy));
    expect(nearest[0]).toBe(id);
    expect(new Set(nearest).size).toBe(feelings.length);
  }
});

test('of pressed words the last two are chosen, and the one that made room is named', () => {
  expect(toggleFeeling([], 'sad')).toEqual({ chosen: ['sad'], madeRoom: null });
  expect(toggleFeeling(['sad', 'numb'], 'heavy')).toEqual({ chosen: ['numb', 'heavy'], madeRoom: 'sad' });
  expect(toggleFeeling(['sad', 'numb'], 'sad')).toEqual({ chosen: ['numb'], madeRoom: null });
});

describe('the words under the field', () => {
  const roomRem = 19;

  test('are a few from all quarters without a point, the nearest with one', () => {
    const handful = nextShownFeelings(null, { point: null, chosen: [], roomRem }).words;
    const quarters = handful.map((word) => feelings.find(({ id }) => id === word));
    expect(new Set(quarters.map((word) => `${(word?.pleasantness ?? 0) > 0}/${(word?.energy ?? 0) > 0}`)).size).toBe(4);
    const near = nextShownFeelings(null, { point: at(-40, -70), chosen: [], roomRem: 40 }).words;
    expect(near).toEqual(nearestFeelings(at(-40, -70)).slice(0, 5));
  });

  test('never lose a chosen one, hold none twice, and keep the places of those that stay while the light is dragged', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      maxLength: 40
    });
    fc.assert(
      fc.property(
        axis,
        axis,
        steps,
        fc.uniqueArray(fc.constantFrom(...feelings), { maxLength: feelingsMax }),
        (p, e, moves, picked) => {
          const chosen = picked.map(({ id }) => id);
          let point = at(p, e);
          let before: ShownFeelings | null = null;
          for (const [dp, de] of moves) {
            const next: ShownFeelings = nextShownFeelings(before, { point, chosen, roomRem });
            expect(new Set(next.words).size).toBe(next.words.length);
            for (const word of chosen) expect(next.words).toContain(word);
            expect(next.words.length - chosen.length).toBeGreaterThanOrEqual(3);
            const nearer: readonly string[] = nearestFeelings(point).slice(0, 8);
            for (const [place, word] of before?.words.entries() ?? [])
              if (nearer.includes(word) && next.words.includes(word)) expect(next.words.indexOf(word)).toBe(place);
            before = next;
            point = at(
              Math.max(-100, Math.min(100, point.pleasantness + dp)),
              Math.max(-100, Math.min(100, point.energy + de))
            );
          }
        }
      ),
      { numRuns: 200 }
    );
  });

  test('start afresh where the light was put elsewhere', () => {
    const before = nextShownFeelings(null, { point: at(-70, -40), chosen: [], roomRem: 40 });
    const after = nextShownFeelings(before, { point: at(80, 70), chosen: [], roomRem: 40 });
    expect(after.words).toEqual(nearestFeelings(at(80, 70)).slice(0, 5));
  });

  test('stay where they are while words are chosen, and make place for one from the list', () => {
    const before = nextShownFeelings(null, { point: at(-40, -70), chosen: [], roomRem: 40 });
    const pressed = nextShownFeelings(before, { point: at(-40, -70), chosen: [before.words[2] ?? ''], roomRem: 40 });
    expect(pressed.words).toEqual(before.words);
    const fromList = nextShownFeelings(before, { point: at(-40, -70), chosen: ['playful'], roomRem: 40 });
    expect(fromList.words).toEqual(['playful', ...before.words]);
  });
});

describe('finding a word', () => {
  test('looks at its beginning first, then inside, then at what it means; without accents or capitals', () => {
    const { listed, offer } = findFeelings('  LÓN ', [], null);
    expect(listed).toEqual(['lonely']);
    expect(offer).toBe('LÓN');
    expect(findFeelings('ca', [], null).listed[0]).toBe('calm');
    expect(findFeelings('armour', [], null).listed).toEqual(['hurt']);
    expect(findFeelings('', ['x'], at(-40, -70))).toMatchObject({ own: ['x'], offer: null, meant: null });
    expect(findFeelings('', [], at(-40, -70)).listed).toEqual(nearestFeelings(at(-40, -70)));
  });

  test('offers what is not there, on one line and no longer than it may be, and never what is', () => {
    expect(findFeelings(' like \n wet  sand ', [], null).offer).toBe('like wet sand');
    expect(findFeelings('Like Wet Sand', ['like wet sand'], null)).toMatchObject({
      offer: null,
      meant: 'like wet sand'
    });
    const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
    const long = findFeelings(family.repeat(9), [], null).offer ?? '';
    expect(long.length).toBeLessThanOrEqual(feelingLengthMax);
    expect(long.length % family.length).toBe(0);
  });

  test('the return key means the only one, or the exact one, or the own word; otherwise nothing', () => {
    expect(findFeelings('lonel', [], null).meant).toBe('lonely');
    expect(findFeelings('sad', [], null).meant).toBe('sad');
    expect(findFeelings('sandy', [], null).meant).toBe('sandy');
    expect(findFeelings('e', [], null).meant).toBeNull();
  });
});
