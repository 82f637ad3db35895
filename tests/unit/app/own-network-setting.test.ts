/** "Only my own network" is off until somebody turns it on, and leaves nothing behind when it is off again. */
import { expect, test } from 'vitest';
import { isOwnNetworkOnly, setOwnNetworkOnly } from '../../../src/lib/app/own-network-setting.ts';
import { memoryDatabase } from '../store/memory-database.ts';

test('off, on, off', async () => {
  const database = memoryDatabase();
  expect(await isOwnNetworkOnly(database)).toBe(false);
  await setOwnNetworkOnly(database, true);
  await setOwnNetworkOnly(database, true);
  expect(await isOwnNetworkOnly(database)).toBe(true);
  await setOwnNetworkOnly(database, false);
  expect(await isOwnNetworkOnly(database)).toBe(false);
  expect(await database.settings.toArray()).toEqual([]);
});
