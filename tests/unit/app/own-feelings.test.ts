import { expect, test } from 'vitest';
import { OwnFeelings, ownFeelingsMax } from '../../../src/lib/app/own-feelings.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { memoryDatabase } from '../store/memory-database.ts';

const disk = async (): Promise<Drafts> => {
  const database = memoryDatabase();
  return new Drafts(database, await openVault(database, seededRandom(3)));
};

test('the word used last is first, each is there once, and the oldest go', async () => {
  const own = new OwnFeelings(await disk());
  expect(await own.read()).toEqual([]);
  await own.remember('like wet sand');
  await own.remember('saudade');
  expect(await own.remember('like wet sand')).toEqual(['like wet sand', 'saudade']);
  for (let n = 0; n < ownFeelingsMax; n++) await own.remember(`word ${n}`);
  const words = await own.read();
  expect(words).toHaveLength(ownFeelingsMax);
  expect(words).not.toContain('saudade');
});

test('a forgotten word is gone from the disk, and the last one leaves nothing behind', async () => {
  const drafts = await disk();
  const own = new OwnFeelings(drafts);
  await Promise.all([own.remember('a'), own.remember('b'), own.forget('a')]);
  expect(await own.read()).toEqual(['b']);
  expect(await own.forget('b')).toEqual([]);
  expect(await drafts.read('own-feelings')).toBeUndefined();
});

test('what another tab remembered is kept, and what cannot be read counts as none', async () => {
  const drafts = await disk();
  await new OwnFeelings(drafts).remember('from another tab');
  expect(await new OwnFeelings(drafts).remember('from here')).toEqual(['from here', 'from another tab']);
  await drafts.keep('own-feelings', '{"not":"words"}');
  expect(await new OwnFeelings(drafts).read()).toEqual([]);
});
