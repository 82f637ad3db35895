/**
 * How a person's devices bring each other into their circles, and what they call each other: records in their own circle, which
 * nobody else can read (docs/protocol.md OD1–OD4, OD6).
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import {
  bytesToId,
  idBytesLength,
  idToBytes,
  type CircleId,
  type DeviceId,
  type InviteId,
  type RecordHash
} from '../base/ids.ts';
import { circleRelaysMax, nameLengthMax, relayUrlLengthMax } from '../base/limits.ts';
import { publicKeyBytes, signatureBytes } from '../crypto/signature.ts';
import { compareHybridTime, type HybridTime } from '../records/hybrid-time.ts';
import { askToStatement, checkAsk, type Ask } from './joining.ts';
import { askNonceBytes } from './transcript.ts';

/** Its author is in this circle, by this device. */
export interface Membership {
  readonly circle: CircleId;
  readonly device: DeviceId;
  readonly relays: readonly string[];
}

/** A device is in a circle by the word of another of the same person; only the one that asked opens the box. */
export interface DeviceWelcome {
  readonly circle: CircleId;
  readonly to: DeviceId;
  readonly box: Bytes;
}

/** What a person calls one of their devices, in their own circle; empty for what it says itself that it is. */
export interface DeviceLabel {
  readonly device: DeviceId;
  readonly label: string;
}

/** As it was said, by whichever device. */
export interface SaidLabel extends DeviceLabel {
  readonly time: HybridTime;
  readonly hash: RecordHash;
}

export const membershipSlot = (circle: CircleId): string => `circle/${circle}`;
export const deviceAskSlot = (circle: CircleId): string => `ask/${circle}`;
export const deviceWelcomeSlot = (device: DeviceId): string => `welcome/${device}`;
export const deviceLabelSlot = (device: DeviceId): string => `label/${device}`;

const bytes = (length: number) => v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);
const id = bytes(idBytesLength);

const membershipBody = v.object({
  circle: id,
  device: id,
  relays: v.pipe(v.array(v.pipe(v.string(), v.maxLength(relayUrlLengthMax))), v.maxLength(3 * circleRelaysMax))
});
const deviceAskBody = v.object({
  circle: id,
  invite: id,
  name: v.pipe(v.string(), v.maxLength(nameLengthMax)),
  sign: bytes(publicKeyBytes),
  agree: bytes(publicKeyBytes),
  nonce: bytes(askNonceBytes),
  proof: bytes(signatureBytes)
});
const deviceWelcomeBody = v.object({
  circle: id,
  to: id,
  box: v.custom<Bytes>((value) => value instanceof Uint8Array)
});
const deviceLabelBody = v.object({ device: id, label: v.pipe(v.string(), v.maxLength(nameLengthMax)) });

export const membershipToBody = ({ circle, device, relays }: Membership): Record<string, unknown> => ({
  circle: idToBytes(circle),
  device: idToBytes(device),
  relays: [...relays]
});

export const readMembership = (body: unknown): Membership | undefined => {
  const parsed = v.safeParse(membershipBody, body);
  if (!parsed.success) return undefined;
  const { circle, device, relays } = parsed.output;
  return { circle: bytesToId(circle), device: bytesToId(device), relays };
};

export const deviceAskToBody = ({ terms, proof }: Ask): Record<string, unknown> => ({
  circle: idToBytes(terms.circle),
  ...askToStatement({ terms, proof })
});

/** The request in a body, its proof checked. */
export const readDeviceAsk = async (body: unknown): Promise<Ask | undefined> => {
  const parsed = v.safeParse(deviceAskBody, body);
  if (!parsed.success) return undefined;
  const { circle, invite, name, sign, agree, nonce, proof } = parsed.output;
  const place = { circle: bytesToId<CircleId>(circle), invite: bytesToId<InviteId>(invite) };
  return checkAsk({ ...place, name, keys: { sign, agree }, nonce, as: 'device' }, proof);
};

export const deviceWelcomeToBody = ({ circle, to, box }: DeviceWelcome): Record<string, unknown> => ({
  circle: idToBytes(circle),
  to: idToBytes(to),
  box
});

export const readDeviceWelcome = (body: unknown): DeviceWelcome | undefined => {
  const parsed = v.safeParse(deviceWelcomeBody, body);
  if (!parsed.success) return undefined;
  const { circle, to, box } = parsed.output;
  return { circle: bytesToId(circle), to: bytesToId(to), box };
};

export const deviceLabelToBody = ({ device, label }: DeviceLabel): Record<string, unknown> => ({
  device: idToBytes(device),
  label
});

export const readDeviceLabel = (body: unknown): DeviceLabel | undefined => {
  const parsed = v.safeParse(deviceLabelBody, body);
  return parsed.success ? { device: bytesToId(parsed.output.device), label: parsed.output.label } : undefined;
};

/** What each device is called: of several labels the latest counts, by time and then hash, whoever said it. OD6 */
export const latestLabels = (said: readonly SaidLabel[]): Map<DeviceId, string> =>
  new Map(said.toSorted(bySaying).map(({ device, label }) => [device, label]));

const bySaying = (a: SaidLabel, b: SaidLabel): number =>
  compareHybridTime(a.time, b.time) || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
