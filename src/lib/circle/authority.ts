/**
 * Who may say what (docs/protocol.md AU1–AU6). Asked after a record's signature held.
 *
 * Only what can never become right is refused here: a refusal must not depend on what arrived before, or two friends'
 * boards would differ. What depends on the moment (somebody left, a quota, a clock) waits or is decided in a view.
 */
import { kinds, isBookkeepingKind, isOnlyPrivateKind, isStatementKind } from '../records/kinds.ts';
import type { Payload } from '../records/payload.ts';
import { generationSlot, generationSlotPrefix } from './generation.ts';
import { ackSlot, ledgerSlot, statementSlotPrefix } from './slots.ts';

/**
 * AU1: statements stand under `roster/` and nothing else does. AU2: they have one version and never fade.
 * AU3: ledger and ack stand in their own slots, nothing else does, and they never fade.
 * AU5: what exists only inside a private record does not stand openly.
 * AU6: a generation stands in the slot of the epoch it was said in, nothing else does there, and it never fades.
 */
export const hasAuthority = (payload: Payload): boolean => {
  if (isOnlyPrivateKind(payload.kind)) return false;
  if (isStatementKind(payload.kind) !== payload.slot.startsWith(statementSlotPrefix)) return false;
  if (isStatementKind(payload.kind) && (payload.ver !== 1 || payload.expMs !== null)) return false;
  if ((payload.kind === kinds.ledger) !== (payload.slot === ledgerSlot)) return false;
  if ((payload.kind === kinds.ack) !== (payload.slot === ackSlot)) return false;
  if ((payload.kind === kinds.generation) !== payload.slot.startsWith(generationSlotPrefix)) return false;
  if (payload.kind === kinds.generation && payload.slot !== generationSlot(payload.epoch)) return false;
  return !neverFades(payload.kind) || payload.expMs === null;
};

const neverFades = (kind: number): boolean => isBookkeepingKind(kind) || kind === kinds.generation;
