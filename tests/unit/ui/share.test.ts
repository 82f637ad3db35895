/** Handing words over ends in one of four ways; the browser is an argument, since no share sheet opens in a test. */
import { describe, expect, test } from 'vitest';
import { copyThrough, shareThrough, type Sharer } from '../../../src/lib/ui/share.ts';
import { shareOutcomeSentence } from '../../../src/lib/ui/share-words.ts';

const shared = { title: 'A title', text: 'Come and sit.', url: 'https://shoulder.example/' };
/** A browser that answers `share` and `writeText` as told, and keeps what it was given; `null` has neither. */
const browser = (answers: { share?: Error | null; copy?: Error | null }) => {
  const given: unknown[] = [];
  const copied: string[] = [];
  const answer = (problem: Error | null): Promise<void> =>
    problem === null ? Promise.resolve() : Promise.reject(problem);
  const { share, copy } = answers;
  const sharer: Sharer = {
    ...(share === undefined ? {} : { share: (data) => (given.push(data), answer(share)) }),
    ...(copy === undefined ? {} : { clipboard: { writeText: (text) => (copied.push(text), answer(copy)) } })
  };
  return { sharer, given, copied };
};
const refusal = (name: string): DOMException => new DOMException('no', name);

describe('sharing', () => {
  test('gives the sheet exactly what leaves, and copies nothing', async () => {
    const { sharer, given, copied } = browser({ share: null, copy: null });
    expect(await shareThrough(sharer, shared)).toBe('shared');
    expect(given).toEqual([shared]);
    expect(copied).toEqual([]);
  });

  test('a sheet that is closed again copies nothing behind anybody’s back', async () => {
    const { sharer, copied } = browser({ share: refusal('AbortError'), copy: null });
    expect(await shareThrough(sharer, shared)).toBe('cancelled');
    expect(copied).toEqual([]);
  });

  test.each([
    ['not allowed', refusal('NotAllowedError')],
    ['still open from before', refusal('InvalidStateError')],
    ['not able to take this', new TypeError('no')]
  ])('a sheet that is %s leaves it to the clipboard', async (_, problem) => {
    const { sharer, copied } = browser({ share: problem, copy: null });
    expect(await shareThrough(sharer, shared)).toBe('copied');
    expect(copied).toEqual(['Come and sit.\nhttps://shoulder.example/']);
  });

  test('without a sheet it is copied', async () => {
    const { sharer, copied } = browser({ copy: null });
    expect(await shareThrough(sharer, { text: ' as typed \n' })).toBe('copied');
    expect(copied).toEqual([' as typed \n']);
  });

  test.each([
    ['a clipboard that says no', browser({ share: refusal('NotAllowedError'), copy: refusal('NotAllowedError') })],
    ['no clipboard', browser({ share: refusal('NotAllowedError') })],
    ['neither', browser({})]
  ])('with %s it is refused', async (_, { sharer }) => {
    expect(await shareThrough(sharer, shared)).toBe('refused');
  });
});

test('copying never opens a sheet', async () => {
  const { sharer, given, copied } = browser({ share: null, copy: null });
  expect(await copyThrough(sharer, { url: 'https://shoulder.example/#i=abc' })).toBe('copied');
  expect([given, copied]).toEqual([[], ['https://shoulder.example/#i=abc']]);
});

test('every outcome has a sentence of its own', () => {
  const sentences = (['shared', 'copied', 'cancelled', 'refused'] as const).map(shareOutcomeSentence);
  expect(new Set(sentences).size).toBe(4);
});
