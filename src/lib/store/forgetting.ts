/**
 * Letting a circle go from this device, with everything that is kept of it.
 */
import Dexie from 'dexie';
import type { DeviceId } from '../base/ids.ts';
import { isStatementKind } from '../records/kinds.ts';
import type { ShoulderDatabase } from './database.ts';

/** In one transaction; what the circle said elsewhere stays elsewhere. */
export const forgetCircle = (database: ShoulderDatabase, n: number): Promise<void> => {
  const { circles, presence, carriers } = database;
  const tables = [
    database.envelopes,
    database.contentKeys,
    database.asks,
    database.mail,
    database.mailboxes,
    database.relayHealth,
    database.heard
  ];
  return database.transaction('rw', [circles, presence, carriers, database.outbox, ...tables], async () => {
    for (const table of tables) {
      const [{ name = '' } = {}] = [table.schema.primKey];
      await table.where(name).between([n, Dexie.minKey], [n, Dexie.maxKey]).delete();
    }
    await database.outbox.where({ circle: n }).delete();
    await presence.delete(n);
    await carriers.delete(n);
    await circles.delete(n);
  });
};

/** Lets go of what these devices said, all but their statements: whose they are has left, and takes their words along. EP13. */
export const forgetWords = (database: ShoulderDatabase, n: number, devices: readonly DeviceId[]): Promise<void> =>
  database.transaction('rw', database.envelopes, async () => {
    for (const device of devices)
      await database.envelopes
        .where('[circle+device+seq]')
        .between([n, device, Dexie.minKey], [n, device, Dexie.maxKey])
        .and(({ kind }) => !isStatementKind(kind))
        .delete();
  });
