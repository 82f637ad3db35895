declare global {
  namespace App {
    interface PageState {
      /** Something was said just now: whoever can read it may be let know. */
      said?: boolean;
    }
  }
}
export {};
