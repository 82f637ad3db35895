/**
 * What a record can be. The number stands in the signed payload and, in clear, in each device's own index.
 *
 * Numbers are never reused. A kind this version does not know is kept and forwarded, and shown as "NAME's app is newer".
 */
export const kinds = {
  /** The circle's beginning, and later each epoch's. */
  manifest: 1,
  addPerson: 2,
  addDevice: 3,
  vote: 4,
  rebind: 5,
  leave: 6,
  /** An epoch's secret, sealed to each device that is in it. Not a statement: it proves nothing, and a later one may hold more. */
  seals: 7,
  /** The circle begins an empty document. */
  generation: 8,
  ledger: 10,
  ack: 11,
  /** Takes back what its slot said. */
  gone: 16,
  invite: 20,
  /** Which relays the circle uses. */
  routes: 21,
  /**
   * In one's own circle only: which circles this device is in, that it wants to be in one, its welcome there, what a
   * device is called, and what opens private records from before it came.
   */
  membership: 24,
  deviceAsk: 25,
  deviceWelcome: 26,
  deviceLabel: 27,
  contentKeys: 28,
  checkIn: 32,
  gesture: 33,
  reply: 34,
  /** The author's yes to thinking along, on one of their own check-ins. */
  openAdvice: 35,
  /** Whatever is not for the whole circle; the true kind is inside. */
  private: 48,
  /** From here on kinds that exist only inside a private record (docs/protocol.md AU5). */
  askAdvice: 64,
  beenThere: 65,
  helped: 66,
  letter: 67,
  thought: 68,
  reachOut: 69,
  reachAnswer: 70
} as const;

/** Statements build the roster. They stand in slots of their own and are never replaced or taken back. */
export const statementKinds: readonly number[] = [
  kinds.manifest,
  kinds.addPerson,
  kinds.addDevice,
  kinds.vote,
  kinds.rebind,
  kinds.leave
];

export const isStatementKind = (kind: number): boolean => statementKinds.includes(kind);

/** Ledgers and acks describe records, so they stand outside the count of records (docs/protocol.md LA1). */
export const isBookkeepingKind = (kind: number): boolean => kind === kinds.ledger || kind === kinds.ack;

/** Kinds 64 to 95, later versions' too: standing openly, the number alone would tell the circle what was said. */
export const isOnlyPrivateKind = (kind: number): boolean => kind >= 64 && kind <= 95;
