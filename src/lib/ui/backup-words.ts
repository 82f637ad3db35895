/**
 * Backup and restore in sentences: what went wrong, and what something was that comes from a backup.
 */
import { unreachable } from '../base/assert.ts';
import { gestures } from '../care/answers.ts';
import { m } from '../i18n/messages.js';
import type { FileOutcome } from './file-outcome.ts';
import { gestureWords } from './gesture-words.ts';
import { sentenceParts, type SentencePart } from './names.ts';

/** Why a backup could not be made, opened or brought back. */
export type BackupProblem =
  | 'TooLarge'
  | 'NotAge'
  | 'NewerAge'
  | 'NotByPassphrase'
  | 'TooHeavy'
  | 'WrongPassphrase'
  | 'Damaged'
  | 'NotABackup'
  | 'NewerBackup'
  | 'Malformed'
  | 'Unreadable'
  | 'OutOfStrength'
  | 'StorageFull'
  | 'StorageRefused'
  | 'NewerDatabase';

export const backupProblemSentence = (problem: BackupProblem): string => {
  switch (problem) {
    case 'TooLarge':
      return m.restore_large();
    case 'NotAge':
      return m.restore_not_age();
    case 'NewerAge':
      return m.restore_newer_age();
    case 'NotByPassphrase':
      return m.restore_for_key();
    case 'TooHeavy':
      return m.restore_heavy();
    case 'WrongPassphrase':
      return m.restore_wrong();
    case 'Damaged':
      return m.restore_damaged();
    case 'NotABackup':
      return m.restore_not_ours();
    case 'NewerBackup':
      return m.restore_newer();
    case 'Malformed':
      return m.restore_malformed();
    case 'Unreadable':
      return m.restore_unreadable();
    case 'OutOfStrength':
      return m.backup_out_of_strength();
    case 'StorageFull':
      return m.restore_full();
    case 'StorageRefused':
      return m.restore_refused();
    case 'NewerDatabase':
      return m.notice_storage_lost();
    default:
      return unreachable(problem);
  }
};

/** What came of handing the backup over. */
export const backupOutcomeSentence = (outcome: FileOutcome): string => outcomes[outcome]();

/** One thing from a backup, as a list shows it. */
export interface RestoredWords {
  readonly kind: string;
  /** Whom it was said to, or whose words it answers; `null` for the whole circle, or where nobody knows any more. */
  readonly name: string | null;
  /** What a gesture was. */
  readonly gesture?: string;
}

/** "A letter to Bo", names apart, so that each can stand in a `<bdi>`. */
export const restoredParts = ({ kind, name, gesture }: RestoredWords): SentencePart[] => {
  if (kind === 'checkIn' && name === null) return [{ text: m.restored_check_in(), isName: false }];
  if (kind === 'openAdvice') return [{ text: m.restored_open_advice(), isName: false }];
  return sentenceParts(
    (names) =>
      kind === 'gesture' ? gestureSentence(names, gesture) : (sentences[kind] ?? m.restored_reply)({ name: names }),
    [name ?? m.someone()]
  );
};

const gestureSentence = (name: string, gesture: string | undefined): string => {
  const known = gestures.find((each) => each === gesture);
  return known === undefined
    ? m.restored_gesture_other({ name })
    : m.restored_gesture({ name, gesture: gestureWords(known) });
};

const sentences: Readonly<Record<string, (to: { readonly name: string }) => string>> = {
  checkIn: m.restored_check_in_to,
  reply: m.restored_reply,
  askAdvice: m.restored_ask_advice,
  beenThere: m.restored_been_there,
  helped: m.restored_helped,
  letter: m.restored_letter,
  thought: m.restored_thought,
  reachOut: m.restored_reach_out,
  reachAnswer: m.restored_reach_answer
};

const outcomes: Record<FileOutcome, () => string> = {
  shared: m.backup_shared,
  saved: m.backup_saved,
  cancelled: m.backup_kept_here
};
