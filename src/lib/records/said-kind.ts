/** Which records say something to somebody. */
import { isBookkeepingKind, isStatementKind, kinds } from './kinds.ts';

/** What a circle is kept up by: its keys, its rooms, its routes, its doors; and what one's own devices tell each other. */
const upkeepKinds: readonly number[] = [
  kinds.seals,
  kinds.generation,
  kinds.invite,
  kinds.routes,
  kinds.membership,
  kinds.deviceAsk,
  kinds.deviceWelcome,
  kinds.deviceLabel,
  kinds.contentKeys
];

/** Whether it is said to somebody, or takes such a thing back: neither what the roster is made of nor what keeps the circle up. */
export const isSaidKind = (kind: number): boolean =>
  !isStatementKind(kind) && !isBookkeepingKind(kind) && !upkeepKinds.includes(kind);
