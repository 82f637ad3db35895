/**
 * How a person's devices bring each other into their circles: three records in their own circle, which nobody else can read
 * (docs/protocol.md OD1–OD4).
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type DeviceId, type InviteId } from '../base/ids.ts';
import { circleRelaysMax, nameLengthMax, relayUrlLengthMax } from '../base/limits.ts';
import { publicKeyBytes, signatureBytes } from '../crypto/signature.ts';
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

export const membershipSlot = (circle: CircleId): string => `circle/${circle}`;
export const deviceAskSlot = (circle: CircleId): string => `ask/${circle}`;
export const deviceWelcomeSlot = (device: DeviceId): string => `welcome/${device}`;

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
