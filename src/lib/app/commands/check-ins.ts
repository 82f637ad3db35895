/**
 * Saying, correcting and taking back a check-in.
 */
import type { Result } from '../../base/result.ts';
import { endedByNext, fadesAtMs } from '../../care/audience.ts';
import type { CheckInRecord } from '../../care/board.ts';
import { checkCheckIn, checkInToBody, type CheckInDraft, type CheckInProblem } from '../../care/check-in.ts';
import { kinds } from '../../records/kinds.ts';
import type { SealedRecord } from '../../records/record.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { Shoulder } from '../shoulder.ts';
import { ownCircle } from './circles.ts';
import { newSaidId, sayTo, type SayToError } from './saying.ts';

/** "Until my next one", to the whole circle: every such check-in stands in this slot, and the next one takes its place. */
export const untilNextSlot = 'now';

export type CheckInError = SayToError | CheckInProblem;

/** Says how one is. Once it resolves, it is on disk and on its way; what it is the next one of is over. */
export const sayCheckIn = async (
  app: Shoulder,
  circle: LocalCircle,
  draft: CheckInDraft
): Promise<Result<SealedRecord, CheckInError>> => {
  const checked = checkCheckIn(draft);
  if (!checked.ok) return checked;
  const { audience, lasting } = draft;
  if (audience.type === 'self' && !circle.keyring.own) {
    const own = await ownCircle(app);
    return own.ok ? sayCheckIn(app, own.value, draft) : own;
  }
  const to = audience.type === 'people' && !circle.keyring.own ? audience.people : null;
  const ended = endedByNext(to, await standingOf(app, circle));
  const slot = lasting === 'next' ? (to === null ? untilNextSlot : ended[0]?.slot) : undefined;
  const body = checkInToBody(checked.value, { id: newSaidId(app), lasting, saidAtMs: null });
  const expMs = fadesAtMs(lasting, app.clock.nowMs());
  return sayTo(
    app,
    circle,
    { kind: kinds.checkIn, body, to, slot, expMs },
    ended.filter((over) => over.slot !== slot)
  );
};

/** One's own live check-ins, said on this device. What reads them is not needed before the first one is said. */
const standingOf = async (app: Shoulder, circle: LocalCircle): Promise<CheckInRecord[]> => {
  const { answerReach, queryFacts, readFacts } = await import('../views/circle-facts.ts');
  const { ownDevice, checkIns } = await readFacts(app, circle, await queryFacts(app, circle, answerReach));
  return checkIns.filter(({ device }) => device === ownDevice);
};
