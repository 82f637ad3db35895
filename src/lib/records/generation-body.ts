/**
 * That a circle begins an empty document, as one of its devices said it (docs/protocol.md GE1).
 */
import * as v from 'valibot';

const generationBody = v.object({
  /** The generation its author was in until then. */
  was: v.pipe(v.number(), v.safeInteger(), v.minValue(0))
});
export type GenerationBody = Readonly<v.InferOutput<typeof generationBody>>;

/** What such a body holds, or `undefined`. */
export const readGenerationBody = (body: unknown): GenerationBody | undefined => {
  const parsed = v.safeParse(generationBody, body);
  return parsed.success ? parsed.output : undefined;
};
