/**
 * Whether a body fits its kind: asked by the inbox of everything that comes in. Apart from the bodies, because whoever only
 * says how they are needs a few of them and not all.
 */
import { fitsAnswerSchema } from './answer-bodies.ts';
import { readCheckInBody, readInviteBody } from './bodies.ts';
import { bodyToAck, bodyToLedger } from './ledger-reading.ts';
import { kinds } from './kinds.ts';
import { readPrivateBody } from './private.ts';
import { readHandedKeys } from './handed-keys.ts';
import { readRoutesBody } from './routes-body.ts';

/** Whether a body fits its kind. Statements are judged in `circle`; kinds of a later version always fit. */
export const fitsSchema = (kind: number, body: unknown): boolean => {
  switch (kind) {
    case kinds.checkIn:
      return readCheckInBody(body) !== undefined;
    case kinds.invite:
      return readInviteBody(body) !== undefined;
    case kinds.routes:
      return readRoutesBody(body) !== undefined;
    case kinds.ledger:
      return bodyToLedger(body) !== undefined;
    case kinds.ack:
      return bodyToAck(body) !== undefined;
    case kinds.private:
      return readPrivateBody(body) !== undefined;
    case kinds.contentKeys:
      return readHandedKeys(body) !== undefined;
    default:
      return fitsAnswerSchema(kind, body);
  }
};
