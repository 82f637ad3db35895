/**
 * Saying, correcting and taking back a check-in.
 */
import type { Result } from '../../base/result.ts';
import type { CheckInRecord } from '../../care/board.ts';
import { checkCheckIn, checkInToBody, type CheckIn, type CheckInProblem } from '../../care/check-in.ts';
import { kinds } from '../../records/kinds.ts';
import type { SealedRecord } from '../../records/record.ts';
import type { SayError, Saying } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { Shoulder } from '../shoulder.ts';

/** "Until my next one": every such check-in stands in this slot, and the next one takes its place. */
export const untilNextSlot = 'now';

export type CheckInError = SayError | CheckInProblem;

/** Says how one is, until one's next. Once it resolves, it is on disk and on its way. */
export const sayCheckIn = (
  app: Shoulder,
  circle: LocalCircle,
  draft: CheckIn
): Promise<Result<SealedRecord, CheckInError>> => say(app, circle, draft, { slot: untilNextSlot, saidAtMs: null });

/** Corrects a check-in in its own place; the time it was said stays. */
export const changeCheckIn = (
  app: Shoulder,
  circle: LocalCircle,
  { slot, body, time }: CheckInRecord,
  draft: CheckIn
): Promise<Result<SealedRecord, CheckInError>> => say(app, circle, draft, { slot, saidAtMs: body.said ?? time.ms });

/** Takes a check-in back, on every phone that hears of it. */
export const unsayCheckIn = (
  app: Shoulder,
  circle: LocalCircle,
  { slot }: CheckInRecord
): Promise<Result<SealedRecord, SayError>> => app.author.say(circle, { kind: kinds.gone, slot, body: {}, expMs: null });

const say = async (
  app: Shoulder,
  circle: LocalCircle,
  draft: CheckIn,
  { slot, saidAtMs }: { readonly slot: string; readonly saidAtMs: number | null }
): Promise<Result<SealedRecord, CheckInError>> => {
  const checked = checkCheckIn(draft);
  if (!checked.ok) return checked;
  const saying: Saying = { kind: kinds.checkIn, slot, body: checkInToBody(checked.value, saidAtMs), expMs: null };
  return app.author.say(circle, saying);
};
