import { expect, test } from 'vitest';
import { DraftKeeper } from '../../../src/lib/app/draft-keeper.ts';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import { emptyDraft, type CheckInDraft } from '../../../src/lib/care/check-in.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { memoryDatabase } from '../store/memory-database.ts';

const disk = async (): Promise<Drafts> => {
  const database = memoryDatabase();
  return new Drafts(database, await openVault(database, seededRandom(4)));
};
const keeperOf = (drafts: Drafts): DraftKeeper =>
  new DraftKeeper(drafts, 'say/1', (problem) => {
    throw problem;
  });
const whole: CheckInDraft = {
  point: { pleasantness: -40, energy: 10 },
  feelings: ['worn out', 'like wet sand'],
  words: 'Not fine.',
  help: 'hear-me',
  audience: { type: 'people', people: ['ana' as PersonId, 'jo' as PersonId] },
  lasting: 'week'
};

/** What stands on disk once all that was written has arrived there. */
const readBack = async (drafts: Drafts): Promise<CheckInDraft | undefined> => {
  await expect.poll(() => drafts.read('say/1')).toBeDefined();
  return keeperOf(drafts).read();
};

test('a draft comes back whole, with whom it is for and how long it stays', async () => {
  const drafts = await disk();
  keeperOf(drafts).keep(whole);
  expect(await readBack(drafts)).toEqual(whole);
});

test('a draft from before these could be chosen goes to the circle until the next one', async () => {
  const drafts = await disk();
  const { audience: _audience, lasting: _lasting, ...old } = whole;
  await drafts.keep('say/1', JSON.stringify(old));
  expect(await readBack(drafts)).toEqual({ ...old, audience: emptyDraft.audience, lasting: emptyDraft.lasting });
});

test('an audience that cannot be read is never taken for everybody', async () => {
  const drafts = await disk();
  for (const audience of [{ type: 'pair' }, { type: 'people' }, 'circle', null]) {
    await drafts.keep('say/1', JSON.stringify({ ...whole, audience }));
    expect(await readBack(drafts)).toBeUndefined();
  }
});

test('nothing is left once it was said', async () => {
  const drafts = await disk();
  const keeper = keeperOf(drafts);
  keeper.keep(whole);
  await keeper.forget();
  expect(await drafts.read('say/1')).toBeUndefined();
});
