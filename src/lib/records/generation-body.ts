/**
 * That a circle begins an empty document, as one of its devices said it (docs/protocol.md GE1).
 */
import * as v from 'valibot';
import { formerRoomsMax } from '../base/limits.ts';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const generationBody = v.object({
  /** The generation its author was in until then. */
  was: whole,
  /** What else it left within a week, whose statement this one takes the place of: the generation left, and the one gone to. */
  before: v.optional(v.pipe(v.array(v.tuple([whole, whole])), v.maxLength(formerRoomsMax - 1)))
});
export type GenerationBody = Readonly<v.InferOutput<typeof generationBody>>;

/** What such a body holds, or `undefined`. */
export const readGenerationBody = (body: unknown): GenerationBody | undefined => {
  const parsed = v.safeParse(generationBody, body);
  return parsed.success ? parsed.output : undefined;
};
