/**
 * The verdict on one opened record, given who is in the circle: a pure question, asked the same way on every route.
 *
 * Order (docs/protocol.md IB1–IB9): shape was judged by opening; then device, signature, map key, schema, authority.
 * What may still become right waits; what never can is refused. Neither depends on what arrived before.
 */
import type { Bytes } from '../base/bytes.ts';
import type { DeviceId, EpochId, MapKey } from '../base/ids.ts';
import { clockAheadMaxMs } from '../base/limits.ts';
import { hasAuthority } from '../circle/authority.ts';
import { carriedBy } from '../circle/carrying.ts';
import { wayTo, type CircleState } from '../circle/epochs.ts';
import { readSealsBody } from '../circle/seals.ts';
import { speaks } from '../circle/speaking.ts';
import { genesisAuthorKey, readStatement, type Statement } from '../circle/statements.ts';
import { fitsSchema } from '../records/schema.ts';
import type { EnvelopeError } from '../records/opened-envelope.ts';
import { isStatementKind, kinds, statementKinds } from '../records/kinds.ts';
import { isSignedBy, type OpenedRecord } from '../records/opened-record.ts';

/** Why something is not let in, ever. Counted, never silent. */
export type Refusal =
  | EnvelopeError
  | { readonly type: 'BadSignature'; readonly device: DeviceId }
  | { readonly type: 'WrongKey'; readonly device: DeviceId }
  | { readonly type: 'BadBody'; readonly device: DeviceId }
  | { readonly type: 'NoAuthority'; readonly device: DeviceId }
  /** Said by a device that is out, and not held already. */
  | { readonly type: 'IsOut'; readonly device: DeviceId };

/** Why something waits: it is tried again when the roster, the clock or the quota changes. */
export type Waiting =
  | { readonly type: 'UnknownDevice'; readonly device: DeviceId }
  /** What began the epoch it was said in is not here yet. */
  | { readonly type: 'UnknownEpoch'; readonly device: DeviceId; readonly epoch: EpochId }
  | { readonly type: 'AheadOfTime'; readonly device: DeviceId; readonly untilMs: number }
  | { readonly type: 'OverQuota'; readonly device: DeviceId };

export type Verdict =
  /** `faded`: its time is over. It is not kept, and nothing older may take its slot again. */
  | { readonly type: 'good'; readonly statement: Statement | undefined; readonly faded: boolean }
  | { readonly type: 'waits'; readonly waiting: Waiting }
  /** It is sound, and not for this device: its person has left. EP17. */
  | { readonly type: 'unheard' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

export interface Circumstances {
  readonly state: CircleState;
  /** Which device judges; `undefined` where that is all the same. */
  readonly own?: DeviceId | undefined;
  /** The circle's first epoch, where that is known. */
  readonly founding?: EpochId | undefined;
  readonly nowMs: number;
  /** Where the record came from: the key it stood under, if it stood under one. */
  readonly key: MapKey | undefined;
}

export const judge = async (
  record: OpenedRecord,
  { state, own, founding, nowMs, key }: Circumstances
): Promise<Verdict> => {
  const { payload } = record;
  const { device, expMs, time } = payload;
  const signKey = await signKeyOf(record, state);
  // Under a key that is not its own nothing waits: whoever put it there would keep out what belongs there.
  const misplaced = key !== undefined && key !== record.key;
  if (signKey === undefined)
    return misplaced ? refused({ type: 'WrongKey', device }) : waits({ type: 'UnknownDevice', device });
  if (!(await isSignedBy(record, signKey))) return refused({ type: 'BadSignature', device });
  if (misplaced) return refused({ type: 'WrongKey', device });
  if (!fitsSchema(payload.kind, payload.body)) return refused({ type: 'BadBody', device });
  if (!hasAuthority(payload)) return refused({ type: 'NoAuthority', device });
  const statement = await readStatement(record);
  const isStatement = isStatementKind(payload.kind);
  if (statement === undefined && isStatement) return refused({ type: 'BadBody', device });
  if (payload.kind === kinds.seals && readSealsBody(payload.body) === undefined)
    return refused({ type: 'BadBody', device });
  // Of two beginnings the one that this device came in by is the circle's.
  if (statement?.type === 'genesis' && founding !== undefined && statement.epoch !== founding)
    return refused({ type: 'BadBody', device });
  // Whoever is out lets nobody in any more, however it is dated: else people who never were could vote the others out. EP14.
  if (
    statement !== undefined &&
    introducing.includes(statement.type) &&
    isOut(state, device) &&
    !isListed(state, statement)
  )
    return refused({ type: 'IsOut', device });
  // Any other statement counts or does not, whoever made it: that is for the roster to say, the same for all.
  if (!isStatement && !speaks(state, device)) return refused({ type: 'IsOut', device });
  // Seals are what may lead to an epoch that is not known here, or that was waited for in vain. EP16.
  if (!isStatement && payload.kind !== kinds.seals && carriedBy(state)(device, payload.epoch) === 'unknown')
    return waits({ type: 'UnknownEpoch', device, epoch: payload.epoch });
  if (own !== undefined && !forLeavers.includes(payload.kind) && isUnheard(state, own, device))
    return { type: 'unheard' };
  if (time.ms > nowMs + clockAheadMaxMs) {
    return waits({ type: 'AheadOfTime', device, untilMs: time.ms - clockAheadMaxMs });
  }
  return { type: 'good', statement, faded: expMs !== null && expMs <= nowMs };
};

const introducing: readonly Statement['type'][] = ['add-person', 'add-device', 'rebind'];

/**
 * Whether some epoch lists whom a statement brings in: one on the circle's way, or one begun by somebody who is in. They had heard of it in
 * time, and whoever comes later needs it to check what that device says.
 */
const isListed = (state: CircleState, statement: Statement): boolean => {
  const { epochs, head } = state;
  const way = new Set(head === undefined ? [] : wayTo(head));
  return [...epochs.values()].some(
    (epoch) =>
      epoch.manifest?.people.some(({ devices }) => 'device' in statement && devices.includes(statement.device.id)) ===
        true &&
      (way.has(epoch) || speaks(state, epoch.manifest.author))
  );
};

/** Whoever left by their own word is not: whom they let in stays, whatever becomes of their words. RO4, EP13. */
const isOut = ({ roster }: CircleState, device: DeviceId): boolean => roster.devicesById.get(device)?.out === true;

/** What a device goes on taking in whose person has left: what makes up a circle, and what friends take back. EP17. */
const forLeavers: readonly number[] = [
  ...statementKinds,
  kinds.seals,
  kinds.generation,
  kinds.ledger,
  kinds.ack,
  kinds.gone,
  kinds.routes
];

/** Whether the person of the device that judges has left, and another's said it. */
const isUnheard = ({ head }: CircleState, own: DeviceId, device: DeviceId): boolean => {
  const person = head?.members.personOf.get(own);
  return (
    person !== undefined && head?.members.left.has(person) === true && head.members.personOf.get(device) !== person
  );
};

/**
 * A device's id is the hash of its key, so whatever introduces it says the same. For a statement any introduction does, also one that
 * lets nobody in as far as is known here: this statement may be what it takes to know better.
 */
const signKeyOf = async (record: OpenedRecord, { roster, sorted }: CircleState): Promise<Bytes | undefined> => {
  const { device, kind } = record.payload;
  const known = roster.devicesById.get(device);
  if (known !== undefined) return known.keys.sign;
  const introduced = isStatementKind(kind)
    ? [...(sorted?.additions ?? []), ...(sorted?.rebinds ?? [])].find((each) => each.device.id === device)
    : undefined;
  return introduced?.device.keys.sign ?? genesisAuthorKey(record);
};

const refused = (refusal: Refusal): Verdict => ({ type: 'refused', refusal });
const waits = (waiting: Waiting): Verdict => ({ type: 'waits', waiting });
