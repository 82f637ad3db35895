/**
 * "Say it a notch truer?", as the composer is given it by whoever keeps what was answered.
 */

/** Whether it may be offered at all, and what to do when it was waved away. */
export interface NotchOffer {
  readonly enabled: boolean;
  readonly ondecline: () => void;
}
