/**
 * Runs that are known to end badly, each with its reason. They are not played unless asked for by number (`SHOULDER_SEED=55`); what
 * mends one takes it off this list, and pins it.
 */
export const knownLimits: ReadonlyMap<number, string> = new Map([
  [
    55, // full-size
    'Who left was the only one that both halves of the circle ever reached: each half goes on without the other.'
  ],
  [
    56, // full-size
    'A traitor hands out later seals in an epoch that the circle went past: who heard them there keeps them, and the others keep the earlier ones.'
  ]
]);
