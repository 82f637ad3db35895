/**
 * What the app has to say about itself: one calm sentence at a time, each said once until it is put away.
 */
export type Notice =
  | { readonly type: 'clock' }
  | { readonly type: 'hostile'; readonly name: string | null }
  | { readonly type: 'newer'; readonly name: string | null }
  | { readonly type: 'storage-full' }
  | { readonly type: 'storage-refused' }
  | { readonly type: 'storage-lost' }
  | { readonly type: 'crashed' };

export class Notices {
  #open = $state.raw<readonly Notice[]>([]);
  #said: readonly string[] = [];

  get first(): Notice | undefined {
    return this.#open[0];
  }

  say(notice: Notice): void {
    const name = JSON.stringify(notice);
    if (this.#said.includes(name)) return;
    this.#said = [...this.#said, name];
    this.#open = [...this.#open, notice];
  }

  dismiss(): void {
    this.#open = this.#open.slice(1);
  }
}
