/** Watching the database: a change is heard, and whoever has stopped watching is let go of. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
// Dexie's live queries run only where the platform has IndexedDB.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, type SettingRow, type ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { watch } from '../../../src/lib/store/watch.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let database: ShoulderDatabase;
beforeEach(({ task }) => {
  // A name of its own: what Dexie remembers in a process, it remembers by the name of the database.
  database = createDatabase(task.name);
});
afterEach(() => database.close());

/** Resolves once the settings were heard for the first time, by somebody whom only their watch knows. */
const begin = (): Promise<{ readonly watcher: { rows: SettingRow[] }; readonly end: () => void }> =>
  new Promise((resolve) => {
    const watcher: { rows: SettingRow[] } = { rows: [] };
    const watching = watch(
      () => database.settings.toArray(),
      (rows) => {
        watcher.rows = rows;
        resolve({ watcher, end: () => watching.unsubscribe() });
      }
    );
  });

test('whoever watches hears of every change, and nothing more once they have ended', async () => {
  const [one, other] = [await begin(), await begin()];
  await database.settings.put({ id: 'notch', value: true });
  await expect.poll(() => [one, other].map(({ watcher }) => watcher.rows.length)).toEqual([1, 1]);
  one.end();
  await database.settings.put({ id: 'lamp', value: true });
  await expect.poll(() => other.watcher.rows.length).toBe(2);
  expect(one.watcher.rows).toHaveLength(1);
});

/** An engine is stopped and another started whenever two tabs take turns: what is kept of each adds up. */
describe('who has ended is let go of', () => {
  test('while somebody else goes on watching the same', async () => {
    const endOne = async (): Promise<WeakRef<object>> => {
      const { watcher, end } = await begin();
      await begin();
      end();
      return new WeakRef(watcher);
    };
    await expectCollected(await endOne());
  });

  test('in the middle of their query', async () => {
    await expectCollected(
      await new Promise<WeakRef<object>>((resolve) => {
        const watcher = {};
        const watching = watch(
          async () => {
            await database.settings.get('notch');
            watching.unsubscribe();
            resolve(new WeakRef(watcher));
            return database.settings.toArray();
          },
          () => undefined
        );
      })
    );
  });
});

/** Asked for no more than whether it is there: an assertion that fails keeps what it was handed. */
const expectCollected = (watcher: WeakRef<object>): Promise<void> =>
  expect
    .poll(
      () => {
        collectGarbage();
        return watcher.deref() === undefined;
      },
      { timeout: 10_000 }
    )
    .toBe(true);
