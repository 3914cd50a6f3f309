import { Connection } from "./connection";
import { State } from "./state";

/** What the whole page looks at. It is told of changes at most once a frame, however many there are. */
export class Live {
  readonly state = new State();
  private readonly listeners = new Set<() => void>();
  private scheduled = false;
  readonly connection = new Connection(this.state, () => this.changed());

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // Not requestAnimationFrame: a tab in the background has no frames, and what it shows when it comes back must be of now.
    setTimeout(() => {
      this.scheduled = false;
      for (const listener of this.listeners) listener();
    }, 16);
  }
}
