/** "A notch truer" can be switched off, and rests for one check-in after a no. */
import { beforeEach, describe, expect, test } from 'vitest';
import { declineNotch, isNotchOn, mayOfferNotch, passNotch, setNotchOn } from '../../../src/lib/app/notch-setting.ts';
import type { ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { memoryDatabase } from '../store/memory-database.ts';

let database: ShoulderDatabase;
beforeEach(() => {
  database = memoryDatabase();
});
const mayOffer = (): Promise<boolean> => mayOfferNotch(database);

describe('the switch', () => {
  test('is on until somebody turns it off, and can be turned on again', async () => {
    expect([await isNotchOn(database), await mayOffer()]).toEqual([true, true]);
    await setNotchOn(database, false);
    expect([await isNotchOn(database), await mayOffer()]).toEqual([false, false]);
    await setNotchOn(database, true);
    expect([await isNotchOn(database), await mayOffer()]).toEqual([true, true]);
  });
});

describe('after a no', () => {
  test('nothing more is offered for this check-in, nor for the next, then it may be again', async () => {
    await declineNotch(database);
    expect(await mayOffer()).toBe(false);
    await passNotch(database); // the one with the no is said
    expect(await mayOffer()).toBe(false);
    await passNotch(database); // the next is said, with nothing offered
    expect(await mayOffer()).toBe(true);
    await passNotch(database);
    expect(await mayOffer()).toBe(true);
  });

  test('a check-in that is left and taken up again is still the same', async () => {
    await declineNotch(database);
    await declineNotch(database);
    await passNotch(database);
    expect(await mayOffer()).toBe(false);
    await passNotch(database);
    expect(await mayOffer()).toBe(true);
  });

  test('the switch stays where it is', async () => {
    await declineNotch(database);
    expect(await isNotchOn(database)).toBe(true);
    await setNotchOn(database, false);
    await passNotch(database);
    await passNotch(database);
    expect(await mayOffer()).toBe(false);
  });

  test('nothing is kept once the rest is over', async () => {
    await declineNotch(database);
    await passNotch(database);
    await passNotch(database);
    expect(await database.settings.toArray()).toEqual([]);
  });
});
