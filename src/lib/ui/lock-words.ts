/** The sentence for everything that may keep a lock from being opened or changed: what happened, what was kept, what to do. */
import { m } from '$lib/i18n/messages';

export type LockProblem =
  | { readonly type: 'Paused'; readonly pauseMs: number }
  | {
      readonly type:
        | 'NotOpened'
        | 'PasskeyNotOpened'
        | 'Changed'
        | 'PasskeyStopped'
        | 'PasskeyUnavailable'
        | 'PasskeyKeyless'
        | 'StorageFull'
        | 'StorageRefused'
        | 'NewerDatabase';
    };

export const lockProblemSentence = (problem: LockProblem): string => {
  switch (problem.type) {
    case 'NotOpened':
      return m.lock_wrong();
    case 'Paused':
      return pauseSentence(problem.pauseMs);
    case 'Changed':
      return m.lock_changed_elsewhere();
    case 'PasskeyNotOpened':
    case 'PasskeyStopped':
      return m.lock_passkey_stopped();
    case 'PasskeyUnavailable':
      return m.lock_passkey_unavailable();
    case 'PasskeyKeyless':
      return m.lock_passkey_keyless();
    case 'StorageFull':
      return m.lock_storage_full();
    case 'StorageRefused':
    case 'NewerDatabase':
      return m.lock_storage_refused();
  }
};

/** Whole seconds up to a minute and a half, then whole minutes, both rounded up so that nobody tries in vain. */
const pauseSentence = (pauseMs: number): string => {
  const seconds = Math.ceil(pauseMs / 1000);
  return seconds <= 90
    ? m.lock_paused_seconds({ seconds: `${seconds}` })
    : m.lock_paused_minutes({ minutes: `${Math.ceil(seconds / 60)}` });
};
