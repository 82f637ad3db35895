/**
 * Which relays a circle uses, as one of its devices said it (docs/protocol.md RT1).
 */
import * as v from 'valibot';
import { circleRelaysMax, relayUrlLengthMax } from '../base/limits.ts';

const address = v.pipe(v.string(), v.maxLength(relayUrlLengthMax), v.regex(/^wss?:\/\//));

const routesBody = v.object({
  /** Where phones find each other and leave mail; none where everything is carried by hand. */
  relays: v.pipe(v.array(address), v.maxLength(circleRelaysMax)),
  /** Those that were used until now: still served until every friend has heard of the change. */
  left: v.pipe(v.array(address), v.maxLength(2 * circleRelaysMax))
});
export type RoutesBody = Readonly<v.InferOutput<typeof routesBody>>;

/** The routes a body holds, or `undefined`. */
export const readRoutesBody = (body: unknown): RoutesBody | undefined => {
  const parsed = v.safeParse(routesBody, body);
  return parsed.success ? parsed.output : undefined;
};
