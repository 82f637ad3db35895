/**
 * Runs that are known to end badly, each with its reason. They are not played unless asked for by number (`SHOULDER_SEED=10420`); what
 * mends one takes it off this list, and pins it.
 */
export const knownLimits: ReadonlyMap<number, string> = new Map([
  [
    10_420,
    'Somebody leaves in an epoch where nobody else is, and was taken off by another of their devices where the others are: nobody hears that they left, and it decides between two ways of which one is a traitor’s. Everybody else but one is out.'
  ],
  [
    11_197,
    'What came by the mailbox of a former epoch is left in the newest one up to two minutes later (MR8), and everybody’s app is closed before: whoever was let in since lacks a traitor’s vote, which counts for nothing.'
  ],
  [
    10_899,
    'It ends in the minutes in which an invitation has faded by one clock, and not yet by that of whoever made it.'
  ]
]);
