/**
 * Failures nobody handled: rejections that the app would report. The simulation takes them as broken promises.
 *
 * A crash leaves work behind that fails because its disk is closed; a real crash takes that along, so it does not count.
 */
export interface FailureWatch {
  /** What failed since the last time. */
  readonly take: () => string[];
  readonly stop: () => void;
}

export const watchFailures = (): FailureWatch => {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  let seen: string[] = [];
  const see = (reason: unknown): void => {
    if (!isOfCrash(reason))
      seen.push(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  };
  process.on('unhandledRejection', see);
  return {
    take: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
    stop: () => {
      process.off('unhandledRejection', see);
      others.forEach((other) => process.on('unhandledRejection', other));
    }
  };
};

const isOfCrash = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'DatabaseClosedError';
