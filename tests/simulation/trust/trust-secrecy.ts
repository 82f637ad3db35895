/**
 * What nobody may read who is out, nobody may forge, and nobody may find on a disk.
 */
import type { KeyObject } from 'node:crypto';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import type { DeviceId, EpochId } from '../../../src/lib/base/ids.ts';
import { wayTo, type CircleState } from '../../../src/lib/circle/epochs.ts';
import { generationAt } from '../../../src/lib/circle/generation.ts';
import { readSealsBody } from '../../../src/lib/circle/seals.ts';
import { isStatementKind, kinds } from '../../../src/lib/records/kinds.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { fadedKind } from '../../../src/lib/store/fading.ts';
import { readableStores } from '../disk.ts';
import { isSigned, toVerifier } from '../signatures.ts';
import type { Holding } from './holding.ts';
import type { Member } from './member.ts';
import { plunder, type Travelled } from './plunder.ts';

export interface SecrecyKept {
  /** Every honest device, those that are out too, all awake. */
  readonly members: readonly Member[];
  /** Public signing keys of all devices there are. */
  readonly signKeys: ReadonlyMap<DeviceId, Bytes>;
  /** Every envelope that was ever in a document or a mailbox. */
  readonly travelled: readonly Travelled[];
  /** When everything is over: no generation is of a later day than the one after. */
  readonly untilMs: number;
  /** Newcomers who were to read nothing from before an epoch. */
  readonly fresh: readonly { readonly member: Member; readonly epoch: EpochId }[];
}

/** Every broken promise in a sentence; empty where all hold. `truth`: what all honest disks together say. */
export const brokenSecrecy = async (
  all: readonly Holding[],
  truth: CircleState,
  kept: SecrecyKept
): Promise<string[]> => [
  ...(await nothingForged(all, kept.signKeys)),
  ...(await nothingRead(all, truth, kept)),
  ...(await nothingFromBefore(all, truth, kept)),
  ...(await nothingReadable(kept.members))
];

/** Everything that an honest disk holds opens, and was signed by the device it is said to be of. */
const nothingForged = async (all: readonly Holding[], signKeys: SecrecyKept['signKeys']): Promise<string[]> => {
  const verifiers = new Map([...signKeys].map(([device, key]) => [device, toVerifier(key)]));
  const found = await Promise.all(all.map((holding) => forgedIn(holding, verifiers)));
  return found.flat();
};

const forgedIn = async (
  { member, circle, rows }: Holding,
  verifiers: ReadonlyMap<DeviceId, KeyObject>
): Promise<string[]> => {
  const found: string[] = [];
  for (const row of rows.values()) {
    if (row.kind === fadedKind) continue;
    const record = await openRecord(row.bytes, circle.keyring.epochs);
    const verifier = verifiers.get(row.device);
    const isTrue =
      record.ok &&
      verifier !== undefined &&
      record.value.payload.device === row.device &&
      record.value.key === row.key &&
      isSigned(record.value, verifier);
    if (!isTrue) found.push(`${member.name} holds kind ${row.kind} of ${row.device}, who did not say it`);
  }
  return found;
};

/** Nobody opens, of all that ever travelled, what was said while they were out. */
const nothingRead = async (
  all: readonly Holding[],
  { epochs, head }: CircleState,
  { travelled, untilMs }: SecrecyKept
): Promise<string[]> => {
  const found: string[] = [];
  const honest = new Set(all.map(({ device }) => device));
  const way = new Set(head === undefined ? [] : wayTo(head).map(({ id }) => id));
  for (const { member, circle, device } of all) {
    const mine = [...epochs.values()].filter(({ members }) => members.personOf.has(device));
    const wasIn = new Set(mine.map(({ id }) => id));
    const hasAlways = [...epochs.values()].every(({ members }) => members.personOf.has(device));
    if (hasAlways) continue;
    const isMine = (epoch: EpochId | undefined): boolean => epoch !== undefined && wasIn.has(epoch);
    for (const { payload, sealedIn } of await plunder(circle.keyring, travelled, generationAt(untilMs) + 1)) {
      // What a traitor says is the traitor's to tell.
      if (!honest.has(payload.device) || !epochs.has(payload.epoch)) continue;
      // And so are the keys of an epoch that a traitor began.
      const maker = epochs.get(sealedIn)?.manifest?.author;
      if (maker !== undefined && !honest.has(maker)) continue;
      // Those who come in read what the circle still keeps from before; those who went read nothing from after.
      const said = epochs.get(payload.epoch);
      const isBefore = mine.some((each) => wayTo(each).some(({ id }) => id === said?.id));
      const seals = readSealsBody(payload.body);
      // Where the circle went another way, what leads there is shown to all who are found in the epoch it went past; and what was said
      // aside is carried to whoever is in.
      const isAside = isMine(sealedIn) && !(way.has(sealedIn) && way.has(payload.epoch));
      if (isAside && (isStatementKind(payload.kind) || seals !== undefined)) continue;
      if (isMine(payload.epoch) || isBefore || isMine(epochs.get(seals?.epoch as EpochId)?.parent?.id)) continue;
      found.push(
        `${member.name} opens what was said in ${payload.epoch}, sealed in ${sealedIn}: kind ${payload.kind} of ${payload.device}; it was in ${[...wasIn].join(' ')}`
      );
    }
  }
  return found;
};

/** Who came in "from now on" opens nothing that was said before, statements aside. */
const nothingFromBefore = async (
  all: readonly Holding[],
  { epochs }: CircleState,
  { fresh, travelled, untilMs }: SecrecyKept
): Promise<string[]> => {
  const found: string[] = [];
  for (const { member, epoch } of fresh) {
    const holding = all.find((each) => each.member === member);
    const since = epochs.get(epoch);
    if (holding === undefined || since?.parent === undefined || since.parent === null) continue;
    const before = new Set(wayTo(since.parent).map(({ id }) => id));
    for (const { payload, sealedIn } of await plunder(holding.circle.keyring, travelled, generationAt(untilMs) + 1)) {
      // Whoever was on another way had not heard of them yet, and what was sealed there then is for whoever is let in there.
      const sealed = epochs.get(sealedIn);
      if (sealed !== undefined && !wayTo(sealed).some(({ id }) => id === epoch)) continue;
      if (before.has(payload.epoch) && !isStatementKind(payload.kind) && payload.kind !== kinds.seals)
        found.push(
          `${member.name} opens what was said before they came: kind ${payload.kind} of ${payload.device} in ${payload.epoch}`
        );
    }
  }
  return found;
};

const nothingReadable = async (members: readonly Member[]): Promise<string[]> => {
  const stores = await Promise.all(members.map(({ device }) => readableStores(device.factory)));
  return stores.flat().map((store) => `a secret can be read in ${store}`);
};
