/** What only this device knows of a circle's people: kept wrapped, and nothing that was noted before is lost by it. */
import { beforeEach, expect, test } from 'vitest';
import { notesOf, type SideNotes } from '../../../src/lib/app/side-notes.ts';
import { rememberCompared, rememberDevices, rememberMuted } from '../../../src/lib/app/views/people-view.ts';
import type { DeviceId, PersonId } from '../../../src/lib/base/ids.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { memoryDatabase } from '../store/memory-database.ts';

const ana = 'person-ana' as PersonId;
const bo = 'person-bo' as PersonId;
const phone = 'device-phone' as DeviceId;
const laptop = 'device-laptop' as DeviceId;
const circle = { n: 3 };
const shown = (...devices: DeviceId[]) => ({
  id: ana,
  devices: devices.map((id) => ({ id, label: '', isThis: false }))
});

const disk = async () => {
  const database = memoryDatabase();
  return { database, drafts: new Drafts(database, await openVault(database, seededRandom(7))) };
};
let app: Awaited<ReturnType<typeof disk>>;
beforeEach(async () => {
  app = await disk();
});
const read = (): Promise<SideNotes> => notesOf(app, circle).read();

test('notes from before this was noted are read whole, and go on', async () => {
  const before = { seen: { [ana]: ['said'] }, heard: { a: 'heard' }, seconds: { b: { person: bo, byMs: 5 } } };
  await app.drafts.keep('notes/3', JSON.stringify(before));
  expect(await read()).toEqual({ ...before, muted: [], compared: {}, devicesSeen: {} });
  await rememberMuted(app, circle, bo, true);
  expect(await read()).toEqual({ ...before, muted: [bo], compared: {}, devicesSeen: {} });
});

test('who is muted is noted once, and not in another circle', async () => {
  await Promise.all([rememberMuted(app, circle, ana, true), rememberMuted(app, circle, bo, true)]);
  await rememberMuted(app, circle, ana, true);
  expect((await read()).muted).toEqual([bo, ana]);
  await rememberMuted(app, circle, bo, false);
  expect((await read()).muted).toEqual([ana]);
  expect((await notesOf(app, { n: 4 }).read()).muted).toEqual([]);
});

test('compared is of the devices there were then', async () => {
  await rememberCompared(app, circle, shown(phone));
  expect((await read()).compared).toEqual({ [ana]: [phone] });
  await rememberCompared(app, circle, shown(phone, laptop));
  expect((await read()).compared).toEqual({ [ana]: [phone, laptop] });
});

test('devices are noted for whoever is new, and how it is now once the board has said what changed', async () => {
  await rememberDevices(app, circle, { [ana]: [phone] }, false);
  await rememberDevices(app, circle, { [ana]: [phone, laptop], [bo]: [phone] }, false);
  expect((await read()).devicesSeen).toEqual({ [ana]: [phone], [bo]: [phone] });
  await rememberDevices(app, circle, { [ana]: [phone, laptop] }, true);
  expect((await read()).devicesSeen).toEqual({ [ana]: [phone, laptop] });
});

test('nothing of it can be read on the disk', async () => {
  await rememberMuted(app, circle, ana, true);
  await rememberCompared(app, circle, shown(laptop));
  const rows = await app.database.drafts.toArray();
  expect(rows).toHaveLength(1);
  const bytes = JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value
  );
  for (const trace of [ana, laptop, 'muted', 'compared']) expect(bytes).not.toContain(trace);
});
