import { open, rm } from 'node:fs/promises';
import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { SetUpError } from '../setup/set-up-error.mjs';
import type { RecordSource } from './records.ts';

const timeoutMs = 120_000;

/** Writes a call's sound to a file that was not there. Returns how many bytes. */
export async function saveRecording(source: RecordSource, callId: string, file: string): Promise<number> {
  const { controlUrl, staffKey, business } = source;
  const path = `/v1/businesses/${encodeURIComponent(business)}/calls/${encodeURIComponent(callId)}/recording`;
  let response: Response;
  try {
    response = await fetch(`${controlUrl}${path}`, {
      headers: { authorization: `Bearer ${staffKey}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new SetUpError(`The control plane does not answer at ${controlUrl}. Start it: npm start`, { cause: error });
  }
  if (response.status === 404)
    throw new SetUpError(
      'There is no recording of this call. A business records calls with `recording: on` in its playbook.',
    );
  if (!response.ok || !response.body) throw new SetUpError(await faultOf(response));
  return write(response.body, file);
}

async function faultOf(response: Response): Promise<string> {
  const problem = v.safeParse(Problem, await response.json().catch(() => undefined));
  const said = problem.success ? `${problem.output.error.message} ${problem.output.error.action}` : '';
  return `The control plane has not given the recording (status ${response.status}). ${said || 'Its log is in the data folder, under logs.'}`;
}

async function write(body: ReadableStream<Uint8Array>, file: string): Promise<number> {
  const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
    throw new SetUpError(`Cannot make ${file}. Name a file that is not there yet, in a folder that is.`, { cause });
  });
  let bytes = 0;
  try {
    for await (const chunk of body) {
      await handle.write(chunk);
      bytes += chunk.length;
    }
  } catch (cause) {
    await rm(file, { force: true });
    throw new SetUpError('The recording broke off on its way. Try again.', { cause });
  } finally {
    await handle.close();
  }
  return bytes;
}
