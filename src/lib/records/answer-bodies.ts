/**
 * The bodies of what friends say to one another's check-ins, and to one another alone (docs/protocol.md AN1–AN9).
 *
 * Whatever can be answered carries an `id` of its own, which its corrections keep; `about` names it by its author's device
 * and that id, so that nobody can make an answer point at somebody else's words under a borrowed id.
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idToBytes, type DeviceId, type SaidId } from '../base/ids.ts';
import { envelopeBytesMax } from '../base/limits.ts';
import { kinds } from './kinds.ts';
import { idBytes, saidId } from './said-id.ts';

/** What is answered: something a device said, by the id it gave it. */
export interface About {
  readonly device: DeviceId;
  readonly id: SaidId;
}

/** The text that names an `About` in a map. */
export const aboutKey = ({ device, id }: About): string => `${device} ${id}`;

const about = v.pipe(
  v.tuple([idBytes, idBytes]),
  v.transform(([device, id]): About => ({ device: bytesToId<DeviceId>(device), id: bytesToId<SaidId>(id) }))
);
const text = v.pipe(v.string(), v.maxLength(envelopeBytesMax));

/** The wire form of an `About`. */
export const aboutToBody = ({ device, id }: About): readonly [Bytes, Bytes] => [idToBytes(device), idToBytes(id)];

const shapes = {
  /** AN2: presence without words. `gesture` may be one that only a later version knows. */
  gesture: v.object({ id: saidId, about, gesture: text }),
  /** AN4: a few words. `advice`: thinking along, which is only for where it is open. */
  reply: v.object({ id: saidId, about, words: text, advice: v.boolean() }),
  /** AN4: the author's yes to thinking along on one of their own check-ins. */
  openAdvice: v.object({ about }),
  /** AN4: "Would thinking along help?" */
  askAdvice: v.object({ about }),
  /** AN5: words that came with a "me too", for the author to open or not. */
  beenThere: v.object({ id: saidId, about, words: text }),
  /** AN6: "That helped", to the one it came from. */
  helped: v.object({ about }),
  letter: v.object({ id: saidId, words: text }),
  /** "Thought of you." */
  thought: v.object({ id: saidId }),
  /** AN7: "Can we talk?"; `clear` once it is all right again. */
  reachOut: v.object({ id: saidId, words: text, clear: v.boolean() }),
  reachAnswer: v.object({ about, answer: text })
} as const;

/** The bodies by the name of their kind. */
export type AnswerBodies = { readonly [K in keyof typeof shapes]: v.InferOutput<(typeof shapes)[K]> };
export type AnswerKind = keyof typeof shapes;

/** What an opened answer is, by name. */
export type AnswerContent = { [K in AnswerKind]: { readonly type: K; readonly body: AnswerBodies[K] } }[AnswerKind];

/** The answer that a kind number and a body make, or `undefined` where they make none. */
export const readAnswer = (kind: number, body: unknown): AnswerContent | undefined => {
  const type = typesByKind.get(kind);
  if (type === undefined) return undefined;
  const parsed = v.safeParse(shapes[type], body);
  return parsed.success ? ({ type, body: parsed.output } as AnswerContent) : undefined;
};

/** The body of an answer as it stands on the wire. */
export const answerToBody = ({ body }: AnswerContent): Record<string, unknown> => ({
  ...body,
  ...('id' in body ? { id: idToBytes(body.id) } : {}),
  ...('about' in body ? { about: aboutToBody(body.about) } : {})
});

/** Whether a body fits its kind, where the kind is an answer; every other kind fits. */
export const fitsAnswerSchema = (kind: number, body: unknown): boolean =>
  !typesByKind.has(kind) || readAnswer(kind, body) !== undefined;

const typesByKind: ReadonlyMap<number, AnswerKind> = new Map(
  (Object.keys(shapes) as AnswerKind[]).map((type) => [kinds[type], type])
);
