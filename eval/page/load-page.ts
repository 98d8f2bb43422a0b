/** Many callers in one plain page, for the capacity bench: no widget, no pictures, one audio graph. */
import type { LoadApi, LoadSetup, LoadTurn } from './load-api.ts';
import { LoadCall } from './load-call.ts';
import { openAudio } from './open-audio.ts';
import { watchMediaElements } from './playing.ts';

declare const loadSetup: LoadSetup;

class LoadPage implements LoadApi {
  private readonly context = openAudio(loadSetup.workletSource);
  private readonly calls = new Set<LoadCall>();
  private readonly problems: string[] = [];
  private turns: LoadTurn[] = [];
  private started = 0;

  async add(calls: number): Promise<void> {
    for (let index = 0; index < calls; index += 1) await this.addOne();
  }

  takeTurns(): LoadTurn[] {
    const taken = this.turns;
    this.turns = [];
    return taken;
  }

  active(): number {
    return this.calls.size;
  }

  failures(): string[] {
    return this.problems;
  }

  stop(): void {
    for (const call of this.calls) call.stop();
    this.calls.clear();
  }

  private async addOne(): Promise<void> {
    const call = new LoadCall(await this.context, loadSetup);
    this.calls.add(call);
    const first = (this.started += 1);
    try {
      await call.start();
    } catch (cause) {
      this.fail(call, cause);
      throw cause;
    }
    call.talk(first, (turn) => this.turns.push(turn)).catch((cause: unknown) => this.fail(call, cause));
  }

  private fail(call: LoadCall, cause: unknown): void {
    if (!this.calls.delete(call)) return;
    call.stop();
    this.problems.push(cause instanceof Error ? cause.message : String(cause));
  }
}

watchMediaElements();
globalThis.parleyLoad = new LoadPage();
