/**
 * The bodies of the kinds everybody reads, as they stand on the wire, and their schemas.
 *
 * Schemas are open: fields a later version adds pass through. Limits here are what any version may ever say; what this
 * version lets a person type is decided in `care`.
 */
import * as v from 'valibot';
import { envelopeBytesMax, inviteSecretBytes } from '../base/limits.ts';
import { saidId } from './said-id.ts';

const axis = v.pipe(v.number(), v.integer(), v.minValue(-100), v.maxValue(100));
const text = v.pipe(v.string(), v.maxLength(envelopeBytesMax));
const timeMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const checkInBody = v.object({
  /** AN1: what answers name it by; corrections keep it. */
  id: saidId,
  /** [pleasantness, energy]; missing for "I don't know". */
  point: v.optional(v.tuple([axis, axis])),
  feelings: v.pipe(v.array(text), v.maxLength(16)),
  words: text,
  /** Missing where nothing was chosen; a later version may know more. */
  help: v.optional(text),
  /** How long it was meant to stay; a later version may know more. What takes it away is `exp` and the next check-in. */
  lasting: v.optional(text),
  /** When it was first said, where this is a correction. */
  said: v.optional(timeMs)
});
export type CheckInBody = v.InferOutput<typeof checkInBody>;

const inviteBody = v.object({
  secret: v.custom<Uint8Array<ArrayBuffer>>(
    (value) => value instanceof Uint8Array && value.length === inviteSecretBytes
  )
});
export type InviteBody = v.InferOutput<typeof inviteBody>;

/** The check-in a body holds, or `undefined`. */
export const readCheckInBody = (body: unknown): CheckInBody | undefined => {
  const parsed = v.safeParse(checkInBody, body);
  return parsed.success ? parsed.output : undefined;
};

/** The invite a body holds, or `undefined`. */
export const readInviteBody = (body: unknown): InviteBody | undefined => {
  const parsed = v.safeParse(inviteBody, body);
  return parsed.success ? parsed.output : undefined;
};
