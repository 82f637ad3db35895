/**
 * What one honest device holds, read from its disk.
 */
import type { DeviceId, MapKey } from '../../../src/lib/base/ids.ts';
import type { CircleState } from '../../../src/lib/circle/epochs.ts';
import type { Statement } from '../../../src/lib/circle/statements.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { statementRows } from '../../../src/lib/store/held-rows.ts';
import { openStatements, readState } from '../../../src/lib/store/rosters.ts';
import type { Member } from './member.ts';

export interface Holding {
  readonly member: Member;
  readonly circle: LocalCircle;
  readonly device: DeviceId;
  readonly rows: ReadonlyMap<MapKey, EnvelopeRow>;
  readonly statements: readonly Statement[];
  readonly state: CircleState;
}

/** None where the device is in no circle. */
export const readHolding = async (member: Member): Promise<Holding | undefined> => {
  const circle = await member.device.circle();
  if (circle === undefined) return undefined;
  const { database } = member.device.life;
  const rows = await database.envelopes.where({ circle: circle.n }).toArray();
  const statements = await openStatements(circle, await statementRows(database, circle.n));
  return {
    member,
    circle,
    device: circle.keyring.device.id,
    rows: new Map(rows.map((row) => [row.key, row])),
    statements,
    state: await readState(database, circle)
  };
};
