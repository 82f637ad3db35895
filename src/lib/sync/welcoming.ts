/**
 * The welcome for a device that is on the roster: the keys of now, and the statements that show that it is in (docs/protocol.md IN8).
 */
import type { Bytes } from '../base/bytes.ts';
import type { DeviceId } from '../base/ids.ts';
import type { CircleState } from '../circle/epochs.ts';
import type { Welcome } from '../circle/joining.ts';
import { chainTo } from '../circle/roster.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { statementRows } from '../store/held-rows.ts';
import { openStatements } from '../store/rosters.ts';

/** What a welcome may hold of statements: sealed twice it fits one envelope, and so a letter and a signal. */
const welcomeBytesMax = 10 * 1024;

/**
 * `undefined` while this device is not in the circle's newest epoch itself: then somebody else says it. The statements are all there
 * are, after the founding epoch and where they fit; else those that lead to the newcomer and to whoever began this epoch and the one
 * before it.
 */
export const welcomeFor = async (
  database: ShoulderDatabase,
  local: LocalCircle,
  { head }: CircleState,
  device: DeviceId
): Promise<Welcome | undefined> => {
  const { circle, currentSecret, generation, slot, founding } = local.keyring;
  if (head?.id !== currentSecret.epoch) return undefined;
  const rows = await statementRows(database, local.n);
  const all = rows.map(({ bytes }) => bytes);
  const welcome = { ...currentSecret, circle, generation, slot, founding };
  if (head.manifest !== null && byteLengthOf(all) <= welcomeBytesMax) return { ...welcome, statements: all };
  const statements = await openStatements(local, rows);
  const chain = chainTo(device, statements);
  for (const manifest of [head.manifest, head.parent?.manifest]) {
    if (manifest === null || manifest === undefined) continue;
    chainTo(manifest.author, statements).forEach((hash) => chain.add(hash));
    chain.add(manifest.hash);
  }
  return { ...welcome, statements: rows.filter(({ hash }) => chain.has(hash)).map(({ bytes }) => bytes) };
};

const byteLengthOf = (all: readonly Bytes[]): number => all.reduce((sum, { length }) => sum + length, 0);
