/**
 * What stands before a world is played: work is counted, cryptography answers at once, and failures nobody handled are seen.
 *
 * `SHOULDER_REAL_CRYPTO=1` plays everything with WebCrypto as it is.
 */
import { useQuickSubtle } from './crypto/quick-subtle.ts';
import { watchFailures, type FailureWatch } from './failures.ts';
import { SeededRandom } from './seeded-random.ts';
import { countWork } from './settling.ts';

export class Stage {
  readonly #stopCounting = countWork();
  readonly #failures: FailureWatch = watchFailures();

  /** Plays one piece, `name` from beginning to end, by the machine's own cryptography if so asked. */
  async play<T>(name: string, isReal: boolean, piece: () => Promise<T>): Promise<T> {
    if (isReal || process.env.SHOULDER_REAL_CRYPTO === '1') return piece();
    const restore = useQuickSubtle(new SeededRandom(`machine of ${name}`));
    try {
      return await piece();
    } finally {
      restore();
    }
  }

  /** What failed unseen since the last time. */
  takeFailures(): string[] {
    return this.#failures.take();
  }

  strike(): void {
    this.#failures.stop();
    this.#stopCounting();
  }
}
