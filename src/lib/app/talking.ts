/**
 * Talking to friends while this tab is the one that is looked at, and looking for them again whenever it wakes.
 */
import { LeadTab } from './lead-tab.ts';
import { RunningEngine, type WebEngine } from './running-engine.ts';

/** Starts what `create` makes as soon as this tab leads. Returns what ends it. */
export const beginTalking = (create: () => Promise<WebEngine>, onProblem: (problem: unknown) => void): (() => void) => {
  const engine = new RunningEngine(create, onProblem);
  const stopLeading = new LeadTab({ take: () => engine.start(), yield: () => engine.stop() }).start();
  const wake = (): void => {
    if (document.visibilityState === 'visible') engine.wake();
  };
  const moments = ['online', 'pageshow', 'focus'] as const;
  moments.forEach((moment) => window.addEventListener(moment, wake));
  document.addEventListener('visibilitychange', wake);
  document.addEventListener('resume', wake);
  return () => {
    moments.forEach((moment) => window.removeEventListener(moment, wake));
    document.removeEventListener('visibilitychange', wake);
    document.removeEventListener('resume', wake);
    stopLeading();
    engine.stop();
  };
};
