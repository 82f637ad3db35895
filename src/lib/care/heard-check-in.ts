/**
 * Reading a check-in that was said: apart, since saying one does not need it.
 */
import { feelingsMax } from '../base/limits.ts';
import type { CheckInBody } from '../records/bodies.ts';
import { helps, type CheckIn } from './check-in.ts';

/** The check-in in a body. What a later version may add and this one does not know is left out, never refused. */
export const bodyToCheckIn = (body: CheckInBody): CheckIn => ({
  point: body.point === undefined ? null : { pleasantness: body.point[0], energy: body.point[1] },
  feelings: body.feelings.slice(0, feelingsMax),
  words: body.words,
  help: helps.find((help) => help === body.help) ?? null
});
