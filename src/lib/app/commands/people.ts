/**
 * Who is in a circle: saying that somebody should go, taking a device of one's own off or naming it, leaving, and new keys for
 * everybody.
 */
import { idToBytes, type DeviceId, type PersonId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { EpochReason } from '../../circle/manifest.ts';
import { deviceLabelSlot, deviceLabelToBody } from '../../circle/pairing.ts';
import { leaveSlot, voteSlot } from '../../circle/slots.ts';
import { mapKeyOf } from '../../records/epoch-keys.ts';
import { kinds } from '../../records/kinds.ts';
import { webLocks, type SayError, type Saying } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { beginEpoch } from '../../store/epoch-making.ts';
import { openPairings, queryPairings } from '../../store/pairings.ts';
import { readState } from '../../store/rosters.ts';
import type { Shoulder } from '../shoulder.ts';
import { newOwnCircle, ownCircle } from './circles.ts';

type Said = Promise<Result<void, SayError>>;

/** One voice for somebody to go. When more than half of the others have said so, they are out. It can't be taken back. */
export const speakForRemoval = (app: Shoulder, circle: LocalCircle, person: PersonId): Said =>
  sayOnce(app, circle, { kind: kinds.vote, slot: voteSlot(person), body: { person: idToBytes(person) }, expMs: null });

/** Takes another device of one's own off: from then on it reads nothing new. */
export const takeDeviceOff = (app: Shoulder, circle: LocalCircle, device: DeviceId): Said =>
  sayOnce(app, circle, { kind: kinds.vote, slot: voteSlot(device), body: { device: idToBytes(device) }, expMs: null });

/**
 * Takes another device of one's own off, in one's own circle and in every other that it said it is in. `device`: as one's own circle
 * knows it.
 */
export const takeDeviceOffEverywhere = async (app: Shoulder, device: DeviceId): Said => {
  const own = await ownCircle(app);
  if (!own.ok) return own;
  const { roster } = await readState(app.database, own.value);
  const pairings = await openPairings(own.value, roster, await queryPairings(app.database, own.value.n));
  for (const { by, circle, device: there } of pairings.memberships) {
    const local = by === device ? await app.circles.byId(circle) : undefined;
    const said = local === undefined ? ok(undefined) : await takeDeviceOff(app, local, there);
    if (!said.ok) return said;
  }
  return takeDeviceOff(app, own.value, device);
};

/**
 * Calls a device of one's own something, for oneself alone. `device`: as one's own circle knows it. `label`: at most `nameLengthMax`
 * long; an empty one takes the name away.
 */
export const nameDevice = async (app: Shoulder, device: DeviceId, label: string): Said => {
  const own = await ownCircle(app);
  if (!own.ok) return own;
  const body = deviceLabelToBody({ device, label: label.trim() });
  const slot = deviceLabelSlot(device);
  const said = await app.author.say(own.value, { kind: kinds.deviceLabel, slot, body, expMs: null });
  return said.ok ? ok(undefined) : said;
};

/**
 * Where one's devices took each other off: this one stays. It starts an own circle anew, with what was said in the old one. Friends
 * have to vouch for it again in theirs.
 */
export const keepThisDevice = async (app: Shoulder): Said => {
  const own = await newOwnCircle(app);
  if (!own.ok) return own;
  const { joinOwnCircles } = await import('../own-circle-merge.ts');
  const joined = await joinOwnCircles(app);
  // Nobody is there to cancel it.
  return joined.ok || joined.error.type === 'Cancelled' ? ok(undefined) : err(joined.error);
};

/** Leaves; `words`: whether what one said stays with the others, or goes from every phone that hears of it. */
export const leaveCircle = (app: Shoulder, circle: LocalCircle, { words }: { readonly words: 'stay' | 'go' }): Said =>
  sayOnce(app, circle, { kind: kinds.leave, slot: leaveSlot, body: words === 'go' ? { words } : {}, expMs: null });

/** New keys for everybody; the old ones are let go. */
export const tidyUp = (app: Shoulder, circle: LocalCircle): Said => begin(app, circle, 'tidied');

/** New keys for everybody: whoever comes in after this reads nothing from before. */
export const startFromNowOn = (app: Shoulder, circle: LocalCircle): Said => begin(app, circle, 'fresh');

/** A statement is said once (ST1): where it was said already, nothing is. */
const sayOnce = async (app: Shoulder, circle: LocalCircle, saying: Saying): Said => {
  const key = await mapKeyOf(circle.keyring.current, circle.keyring.device.id, saying.slot);
  if ((await app.database.envelopes.get([circle.n, key])) !== undefined) return ok(undefined);
  const said = await app.author.say(circle, saying);
  return said.ok ? ok(undefined) : said;
};

const begin = async (
  { database, circles, random, author, clock }: Shoulder,
  circle: LocalCircle,
  why: EpochReason
): Said => {
  const begun = await beginEpoch({ database, circles, random, author, clock, exclusively: webLocks }, circle, why);
  return begun.ok ? ok(undefined) : begun;
};
