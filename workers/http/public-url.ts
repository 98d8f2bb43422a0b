import { FaultError } from './problem.ts';

/** Ends a request whose address is no good: nothing of ours may be made to knock on doors inside a network. */
export function refuseInner(trouble: string | null, field: string): void {
  if (trouble === null) return;
  throw new FaultError({
    status: 400,
    code: 'bad-request',
    message: trouble,
    action: `Correct '${field}' and send it again.`,
    field,
  });
}
