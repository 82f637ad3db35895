/**
 * Runs that are known to end badly, each with its reason. They are not played unless asked for by number (`SHOULDER_SEED=10252`); what
 * mends one takes it off this list, and pins it.
 */
export const knownLimits: ReadonlyMap<number, string> = new Map();
