/**
 * Who listens to what: the filters of every connection, by subscription id.
 */
import type { NostrEvent } from './event.ts';
import { matchesFilter, type Filter } from './filter.ts';
import { subscriptionsMax } from './limits.ts';

/** A subscription that an event is for. */
export interface Match<Listener> {
  readonly listener: Listener;
  readonly subscriptionId: string;
}

export interface Subscriptions<Listener> {
  /** Starts or replaces a subscription. False where the listener already has `subscriptionsMax` others. */
  set(listener: Listener, subscriptionId: string, filters: readonly Filter[]): boolean;
  delete(listener: Listener, subscriptionId: string): void;
  /** Forgets everything of a listener that has gone. */
  forget(listener: Listener): void;
  /** Every subscription the event is for, once each, however many of its filters match. */
  matching(event: NostrEvent): Match<Listener>[];
}

export const createSubscriptions = <Listener>(): Subscriptions<Listener> => {
  const filtersByListener = new Map<Listener, Map<string, readonly Filter[]>>();
  return {
    set(listener, subscriptionId, filters) {
      const filtersById = filtersByListener.get(listener) ?? new Map<string, readonly Filter[]>();
      if (!filtersById.has(subscriptionId) && filtersById.size >= subscriptionsMax) return false;
      filtersById.set(subscriptionId, filters);
      filtersByListener.set(listener, filtersById);
      return true;
    },
    delete(listener, subscriptionId) {
      filtersByListener.get(listener)?.delete(subscriptionId);
    },
    forget(listener) {
      filtersByListener.delete(listener);
    },
    matching(event) {
      const matches: Match<Listener>[] = [];
      for (const [listener, filtersById] of filtersByListener) {
        for (const [subscriptionId, filters] of filtersById) {
          if (filters.some((filter) => matchesFilter(filter, event))) matches.push({ listener, subscriptionId });
        }
      }
      return matches;
    }
  };
};
